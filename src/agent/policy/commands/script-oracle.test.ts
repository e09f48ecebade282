import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { readScript } from './script.ts';

/** What shell grammar is made of, and three programs that nobody has. */
const VISIBLE =
  "one two three one two ; && | & # \" ' \\ $ ` `three` $(three) $[ $' ( ) { } [ ] ~ ! = <<E <<'E' <<-E < > &> - 1 * ? ^ %";
const BLANKS = [' ', ' ', ' ', '\t', '\n', '\\\n', '\\\n', '\nE\n', '\nE\\\n', '\u00a0', '\r'];
const PIECES = [...VISIBLE.split(' '), ...BLANKS];
const RUNS = 5_000;
const TIMEOUT_MS = 60_000;

/** Ends a command in the log. Each is written at once: those of a pipeline run beside each other. */
const END = 'end of command';
/** Bash calls this for every program that it does not find, and finds none. */
const HANDLER = `command_not_found_handle() { printf '%s\\0' "$@" '${END}' >> log; return 0; }`;

test.runIf(existsSync('/bin/bash'))(
  'what is read as plain words is what a shell runs, and all of it',
  async () => {
    const cwd = temporaryHome({ 'handler.sh': HANDLER });
    const env = { PATH: '/nowhere', BASH_ENV: join(cwd, 'handler.sh'), LC_ALL: 'C.UTF-8' };
    const runIn = (script: string): string[][] => {
      rmSync(join(cwd, 'log'), { force: true });
      try {
        execFileSync('/bin/bash', ['-c', script], { cwd, env, stdio: 'ignore' });
      } catch {
        // How the script ends says nothing about what it ran.
      }
      const log = existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'utf8') : '';
      const commands = log.split(`${END}\0`).slice(0, -1);
      return commands.map((command) => command.split('\0').slice(0, -1));
    };
    const script = fc.array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(script, async (pieces) => {
        const text = `one${pieces.join('')}`;
        const read = await readScript(['/bin/bash', '-c', text]);
        if (read === undefined || read.kind === 'other') return;
        // What a word that expands becomes is not told by the text; its program is.
        const isRead = ([program = '', ...rest]: readonly string[]): boolean =>
          read.commands.some(
            ([name, ...words]) =>
              name?.text === program &&
              (words.some(({ expands }) => expands) ||
                words.map(({ text: word }) => word).join('\0') === rest.join('\0')),
          );
        expect(runIn(text).filter((command) => !isRead(command))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
