import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { ConfigTable } from '../config/facts.ts';
import { runTokenCommand } from './token-command.ts';
import type { TokenCommandOutcome } from './token-command.ts';

interface Place {
  readonly root: string;
  readonly program: string;
}

/** A program that prints a token, in a folder of its own beside the working folder. */
function place(script: string): Place {
  const root = temporaryHome({ 'bin/get-token': `#!/bin/sh\n${script}\n` });
  const program = join(root, 'bin/get-token');
  chmodSync(program, 0o755);
  mkdirSync(join(root, 'work/.git'), { recursive: true });
  return { root, program };
}

const run = (
  { root }: Place,
  settings: ConfigTable,
  environment: Record<string, string> = {},
): Promise<TokenCommandOutcome> =>
  runTokenCommand({
    settings,
    environment: { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, HOME: root, ...environment },
    configFolder: root,
    cwd: join(root, 'work'),
    files,
  });

const printed = (outcome: TokenCommandOutcome): string | undefined =>
  outcome.kind === 'printed' ? outcome.token.reveal() : undefined;

describe.runIf(process.platform !== 'win32')('the command that prints a token', () => {
  test('it gets its arguments, the environment and a folder, and its output is trimmed', async () => {
    const there = place(String.raw`printf '\n  %s %s %s \n\n' "$1" "$TEAM" "$(pwd)"`);
    const settings = { command: there.program, args: ['one'] };
    expect(printed(await run(there, settings, { TEAM: 'blue' }))).toBe(
      `one blue ${join(there.root, 'work')}`,
    );
    const elsewhere = { ...settings, cwd: 'bin' };
    expect(printed(await run(there, elsewhere, { TEAM: 'blue' }))).toBe(
      `one blue ${join(there.root, 'bin')}`,
    );
  });

  test('a bare name stands on the search path', async () =>
    expect(printed(await run(place('echo token'), { command: 'get-token' }))).toBe('token'));

  test.each([
    ['exit code', 'echo hush-out; echo hush >&2; exit 3', 'the command ended with exit code 3'],
    ['silence', 'exit 0', 'the command printed nothing'],
    ['noise', 'yes hush', 'the command printed more than a token'],
    ['signal', 'kill -9 $$', 'the command was ended by SIGKILL'],
  ])('%s', async (_name, script, problem) => {
    const there = place(script);
    expect(await run(there, { command: there.program })).toEqual({ kind: 'failed', problem });
  });

  test('its own time limit ends it and what it started', async () => {
    const there = place('sleep 60 & echo $! > "$HOME/child"; wait');
    const outcome = await run(there, { command: there.program, timeout_ms: 300 });
    expect(outcome).toEqual({ kind: 'failed', problem: 'the command did not end within 300 ms' });
    const child = Number(readFileSync(join(there.root, 'child'), 'utf8'));
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test.each(['nowhere', './nowhere', ''])('no such program: %j', async (command) =>
    expect(await run(place(''), { command })).toEqual({
      kind: 'failed',
      problem: 'the command cannot be found or is not a program',
    }),
  );

  test('a program of the current project is not run', async () => {
    const there = place('');
    const planted = join(there.root, 'work/get-token');
    writeFileSync(planted, '#!/bin/sh\ntouch "$HOME/ran"\necho token\n', { mode: 0o755 });
    expect(await run(there, { command: './get-token' })).toEqual({
      kind: 'failed',
      problem: 'the command lies in the current project, which could have brought it along',
    });
    expect(existsSync(join(there.root, 'ran'))).toBe(false);
  });
});

/** A killed process that nobody has waited for yet is still an entry of the table, but runs no more. */
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
