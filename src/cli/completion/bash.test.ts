import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../../../fixtures/home.ts';

/* bash is wherever the tests run; zsh and fish are asked in fixtures/real/completion.real.ts. */

/** What bash offers at the end of each line, as readline hands it the words. */
async function offered(
  lines: readonly string[],
  { compopt }: { readonly compopt: boolean } = { compopt: true },
): Promise<readonly string[]> {
  const home = temporaryHome({ 'reports/old.json': '', 'report one.json': '', 'evil $(touch planted)': '' });
  const program = join(home, 'bin/stethos');
  mkdirSync(dirname(program));
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${await builtLauncher()}" "$@"\n`, {
    mode: 0o755,
  });
  const script = `
    eval "$(stethos completion bash)"
    cd "$HOME"
    compopt() { ${compopt ? 'true' : 'false'}; }
    for line in "$@"; do
      COMP_LINE=$line COMP_POINT=\${#line}
      # readline makes words of = and : by themselves.
      spaced=\${line//=/ = }; spaced=\${spaced//:/ : }
      set -f; IFS=' '; COMP_WORDS=($spaced); set +f; unset IFS
      [[ $line == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _stethos 2>&1
      (IFS='|'; echo "\${COMPREPLY[*]}")
    done`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', ...lines], {
    env: { HOME: home, PATH: `${dirname(program)}:/usr/bin:/bin` },
  });
  return stdout.trimEnd().split('\n');
}

const sorted = (text: string): string => text.split('|').toSorted().join('|');

describe.runIf(process.platform !== 'win32')('bash', () => {
  test('offers what stands in the table, its own files, and runs nothing of what is typed', async () => {
    const questions = {
      'stethos do': 'doctor',
      'stethos doctor --fail-on ': 'warn|fail|never',
      'stethos doctor --fail-on=w': 'warn',
      'stethos doctor --only state.paths,state.i': 'state.paths,state.integrity',
      "stethos doctor --only 'state.i": 'state.integrity',
      'stethos doctor --format=junit=rep': 'reports|report one.json',
      'stethos doctor --home rep': 'reports',
      'stethos exec $(touch planted) --output-schema report': 'reports|report one.json',
    };
    const answers = await offered(Object.keys(questions));
    expect(answers.map(sorted)).toEqual(Object.values(questions).map(sorted));
  });

  test('quotes names of files itself where bash is too old to do so', async () => {
    const line = 'stethos doctor --from ev';
    expect(await offered([line])).toEqual(['evil $(touch planted)']);
    expect(await offered([line], { compopt: false })).toEqual([String.raw`evil\ \$\(touch\ planted\)`]);
  });
});
