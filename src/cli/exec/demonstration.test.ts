import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';

const examples = join(import.meta.dirname, '../../../examples');

// The README shows it in the sandbox, which is not on every machine.
test("the README's demonstration mends the check", async () => {
  const home = temporaryHome({});
  const cwd = join(home, 'heart');
  cpSync(join(examples, 'heart'), cwd, { recursive: true });
  execFileSync('git', ['init', '-q', cwd]);
  const { exitCode, stdout } = await stethos(
    [
      'exec',
      '--provider',
      `scripted=${join(examples, 'heart.json')}`,
      '-s',
      'danger-full-access',
      'The check fails. Find out why and mend it.',
    ],
    {
      cwd,
      env: {
        HOME: home,
        PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      },
    },
  );
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'Fixed: the loop in heart.cjs started at 1. The check passes now.\n',
  });
  expect(readFileSync(join(cwd, 'heart.cjs'), 'utf8')).toContain('let i = 0');
});
