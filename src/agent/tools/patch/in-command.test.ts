import { describe, expect, test } from 'vitest';
import { heredocPatch } from '../../policy/commands/heredoc-patch.ts';
import { patchInCommand } from './in-command.ts';

const PATCH = '*** Begin Patch\n*** Delete File: a\n*** End Patch';
const look = (...argv: string[]): ReturnType<typeof patchInCommand> =>
  patchInCommand({ argv, cwd: '/work', soleHeredoc: heredocPatch });

describe('a command that is a patch', () => {
  test.each([
    ['the program with one argument', ['apply_patch', PATCH], '/work'],
    ['its other name', ['applypatch', PATCH], '/work'],
    ['a here-document', ['bash', '-lc', `apply_patch <<'EOF'\n${PATCH}\nEOF`], '/work'],
    [
      'behind a change of folder',
      ['bash', '-lc', `cd sub && applypatch <<'EOF'\n${PATCH}\nEOF\n`],
      '/work/sub',
    ],
    [
      'behind a change to elsewhere',
      ['bash', '-lc', `cd /else && apply_patch <<'EOF'\n${PATCH}\nEOF`],
      '/else',
    ],
  ])('%s', async (_case, argv, cwd) => {
    expect(await look(...argv)).toEqual({ kind: 'patch', patch: PATCH, cwd });
  });

  test.each([
    ['trap 28: a statement before it', ['bash', '-lc', `ls && apply_patch <<'EOF'\n${PATCH}\nEOF`]],
    ['a statement behind it', ['bash', '-lc', `apply_patch <<'EOF'\n${PATCH}\nEOF\nls`]],
    ['another program', ['bash', '-lc', `cat <<'EOF'\n${PATCH}\nEOF`]],
    ['more arguments', ['apply_patch', PATCH, 'more']],
    ['no patch at all', ['ls']],
  ])('none is %s', async (_case, argv) => {
    expect(await look(...argv)).toBeUndefined();
  });

  test('a patch alone is no command, and the model is told what is', async () => {
    const misuse = { kind: 'misuse', message: expect.stringContaining('apply_patch') as string };
    expect(await look(PATCH)).toEqual(misuse);
    expect(await look('bash', '-lc', PATCH)).toEqual(misuse);
  });
});
