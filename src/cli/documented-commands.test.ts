import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentedCommands } from '../../fixtures/documented-commands.ts';
import type { DocumentedCommand } from '../../fixtures/documented-commands.ts';
import { startReader } from '../../fixtures/reader.ts';
import { createLimit } from '../host/limit.ts';
import { EXIT } from '../doctor/report.ts';

const root = join(import.meta.dirname, '../..');

/** Documents whose blocks are run by a test of their own, which says more about what comes out. */
const OWN_TEST: Readonly<Record<string, string>> = {
  'docs/behind-a-corporate-proxy.md': 'fixtures/real/guide.real.ts',
  'docs/ci.md': 'src/cli/ci-guide.test.ts',
  'docs/declarative-checks.md': 'src/plugins/declarative/page.test.ts',
  'docs/feedback.md': 'src/cli/feedback/guide.test.ts',
  'docs/plugins.md': 'src/plugins/page.test.ts',
  'docs/serve.md': 'src/cli/serve/serve.test.ts',
};

/** Commands that are mentioned and not meant to be typed as they stand. */
const NOT_TYPED: Readonly<Record<string, string>> = {
  'stethos exec --json': 'an option of exec, whose prompt the sentence leaves out',
  'stethos trace show': 'the name of the command; with its folder it is run',
  'stethos trace reduce': 'the name of the command, tested in src/cli/trace',
  'stethos feedback --trace': 'an option of feedback, tested in src/cli/feedback',
  'stethos diff': 'the name of the command; with its reports it is run',
  'stethos wait': 'the name of the command, tested in src/cli/wait',
  'stethos serve': 'runs until it is ended, tested in src/cli/serve',
  'stethos doctor --watch': 'runs until it is ended, tested in src/cli/doctor/doctor-terminal.test.ts',
  'stethos feedback … && rm': 'a line of thought about exit codes',
};

/** What stands in a document for something of the reader's own, and what it is here. */
const READERS_OWN: readonly (readonly [RegExp, string])[] = [
  [/(?:"\$HOME"|~)\/traces\/trace-\*|\bFOLDER\b/, '"$(ls -d "$HOME"/traces/trace-* | head -1)"'],
  [
    /<id or name>/,
    '"$(basename "$(find "$HOME"/.stethos/sessions -name "rollout-*.jsonl" | head -1)" .jsonl | tail -c 37)"',
  ],
  [/https:\/\/KEY@sentry\.example\/42/, '"$LAB_DSN"'],
  [/\/tmp\/heart\.json/, 'heart.json'],
  [/\bFILE\b/, 'default.rules'],
  [/\bID ID$/, '1 1'],
  [/\bID$/, '1'],
  [/--for 60s$/, '--for 1s'],
  [/ …$/, ' "Say hello."'],
];

/** What goes to a file is seen as well. */
const asTyped = (command: string): string =>
  READERS_OWN.reduce((line, [pattern, own]) => line.replace(pattern, () => own), command).replace(
    / > (?=\S+$)/,
    ' | tee ',
  );

const everything = documentedCommands();
const isRun = ({ command, document, isBlock }: DocumentedCommand): boolean =>
  !(command in NOT_TYPED) && !(isBlock && document in OWN_TEST);

/** Each once, where it is read first: `npx stethos` is the same program. */
const toRun = everything
  .filter(isRun)
  .map((each) => ({ ...each, command: each.command.replace(/^npx /, '') }))
  .filter((each, at, all) => all.findIndex(({ command }) => command === each.command) === at);
const documents = Map.groupBy(toRun, ({ document }) =>
  // The pages of the checks have one command each.
  document.startsWith('docs/checks/') ? 'docs/checks' : document,
);

/** The commands that are not understood, say nothing, or find a fault of ours, with what was printed. */
async function faultsOf(commands: readonly DocumentedCommand[]): Promise<readonly string[]> {
  const reader = await startReader();
  const faults: string[] = [];
  // One after the other, as they are read: what one leaves the next may need.
  for (const { command, document } of commands) {
    const { exitCode, signal, stdout, stderr } = await reader.type(asTyped(command));
    const printed = stdout + stderr;
    // The exit codes of Nagios are others: there it is CRITICAL.
    const isRefused = exitCode === EXIT.usage && !stdout.startsWith('STETHOS CRITICAL');
    if (signal || isRefused || printed.includes('a fault in stethos itself') || printed === '')
      faults.push(`${document}: ${command}: ${signal ?? `exit code ${exitCode}`}\n${printed}`);
  }
  return faults;
}

/** A process each; more at a time would only wait for each other. */
const MOST_AT_A_TIME = 4;
/** Many processes: seconds on a quiet machine. */
const LONGEST_MS = 240_000;

describe.runIf(process.platform !== 'win32')('commands of the documents', () => {
  test('are found', () => {
    expect(toRun.length).toBeGreaterThan(40);
    expect([...documents.keys()]).toContain('README.md');
  });

  test('are understood and say something', { timeout: LONGEST_MS }, async () => {
    const limit = createLimit(MOST_AT_A_TIME);
    const faults = await Promise.all(
      [...documents.values()].map((commands) => limit(() => faultsOf(commands))),
    );
    expect(faults.flat()).toEqual([]);
  });
});

test('tables of this test name nothing that is gone', () => {
  const known = new Set(everything.map(({ command }) => command));
  expect(Object.keys(NOT_TYPED).filter((command) => !known.has(command))).toEqual([]);
  expect(READERS_OWN.filter(([pattern]) => !everything.some(({ command }) => pattern.test(command)))).toEqual(
    [],
  );
});

test.each(Object.entries(OWN_TEST))('the blocks of %s are run by %s', (document, path) => {
  const name = document.replace('docs/', '');
  expect(readFileSync(join(root, path), 'utf8')).toContain(name);
});
