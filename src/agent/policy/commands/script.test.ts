import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasControlCharacters, readScript } from './script.ts';

const bash = (script: string): string[] => ['/bin/bash', '-lc', script];

async function read(script: string): Promise<{ kind: string | undefined; commands: string[][] | undefined }> {
  const found = await readScript(bash(script));
  return { kind: found?.kind, commands: found?.commands.map((words) => words.map(({ text }) => text)) };
}

test.each<[string, string[][]]>([
  ['ls', [['ls']]],
  ['ls && rm -rf x', [['ls'], ['rm', '-rf', 'x']]],
  ['a; b | c || d', [['a'], ['b'], ['c'], ['d']]],
  ['ls\ncat x\n', [['ls'], ['cat', 'x']]],
  ['ls "a b" \'c d\' -g"*.py"', [['ls', 'a b', 'c d', '-g*.py']]],
  [String.raw`rg a\ b "\$x" '\n' "\n"`, [['rg', 'a b', '$x', String.raw`\n`, String.raw`\n`]]],
  ['g\\it "pu"sh', [['git', 'push']]],
  ['"ls" \'-a\'', [['ls', '-a']]],
  ['git \\\n  push', [['git', 'push']]],
  ['echo 1 ""', [['echo', '1', '']]],
  ['ls *.ts', [['ls', '*.ts']]],
])('plain words: %j', async (script, commands) =>
  expect(await read(script)).toEqual({ kind: 'plain', commands }),
);

test.each<[string, string[][]]>([
  ['ls > x', [['ls']]],
  ['ls 2>&1 && git push', [['ls'], ['git', 'push']]],
  ['A=1 git push', [['git', 'push']]],
  ['echo $(git push)', [['echo'], ['git', 'push']]],
  ['echo `git push`', [['echo'], ['git', 'push']]],
  ['echo "$(git push)"', [['echo'], ['git', 'push']]],
  ['git push $x', [['git', 'push']]],
  ['(git push)', [['git', 'push']]],
  ['{ git push; }', [['git', 'push']]],
  ['if a; then git push; fi', [['a'], ['git', 'push']]],
  ['f() { git push; }; f', [['git', 'push'], ['f']]],
  ['git push &', [['git', 'push']]],
  ['! git push', [['git', 'push']]],
  ['ls # hidden', [['ls']]],
  ['a |& b', [['a'], ['b']]],
  ['cat <<< x', [['cat']]],
  ['diff <(git push) y', [['diff'], ['git', 'push']]],
  ["echo $'a'", [['echo']]],
  ['$x push', []],
  ['*/x push', []],
  ['cat <<EOF | sh\nx\nEOF', [['cat'], ['sh']]],
  ['cat <<EOF\n$(git push)\nEOF', [['cat'], ['git', 'push']]],
  ['cat <<EOF > x\ny\nEOF', [['cat']]],
  // The shell runs what stands in the backquotes, and takes `EO\` and `F` for the end.
  ['cat <<EOF\n`git push`\nEOF', [['cat']]],
  ['cat <<EOF\na\nEO\\\nF\ngit push\nEOF', [['cat']]],
  // The shell joins the lines to one word, such as the path `makefoo/x` of a program in the workspace.
  ['make\\\nfoo/x', [['make', 'foo/x']]],
  ['git pu\\\nsh', [['git', 'pu', 'sh']]],
  ['a;\\\nb', [['a'], ['b']]],
  // Two commands, whatever the grammar makes of it.
  ['echo\n\\\ngit push', [['echo', 'git', 'push']]],
  ['echo\n\\git push', [['echo']]],
  // One word to the shell, `onetwo`, and two to the grammar.
  ["one''\\two", []],
  ['ls ""\\x y', [['ls']]],
  ['if', []],
  ['git push\n(', [['git', 'push']]],
  ['ls "', [['ls']]],
  ['', []],
  ['git push\r', [['git', 'push']]],
])('more than plain words: %j', async (script, commands) =>
  expect(await read(script)).toEqual({ kind: 'other', commands }),
);

test('a here-document leaves its first command', async () =>
  expect(await read("python3 -u <<'EOF'\nprint('$x')\nEOF\n")).toEqual({
    kind: 'heredoc',
    commands: [['python3', '-u']],
  }));

test.each(["cat <<'E'\n`$x`\nE", 'cat <<"E"\n`$x`\nE', 'cat <<\\E\n`$x`\nE', 'cat <<E\nplain\nE'])(
  'a here-document that the shell takes as it stands: %j',
  async (script) => expect(await read(script)).toEqual({ kind: 'heredoc', commands: [['cat']] }),
);

test('a word that the grammar passes over makes the script unreadable', async () =>
  expect(await read("python3 - <<'EOF'\nx\nEOF\n")).toEqual({ kind: 'other', commands: [['python3']] }));

test.each([
  [['bash', '-c', 'ls'], 'plain'],
  [['/usr/bin/zsh', '-lc', 'ls'], 'plain'],
  [['zsh', '-lc', "ls *(e:'rm x':)"], 'other'],
  [['zsh', '-lc', 'ls =rm'], 'other'],
  [['./bash', '-lc', 'ls'], 'other'],
  [['/tmp/bash', '-lc', 'ls'], 'other'],
  [['bash', '-lc', 'ls', 'x'], undefined],
  [['bash', '-x', 'ls'], undefined],
  [['fish', '-c', 'ls'], undefined],
  [['ls'], undefined],
])('as a shell: %j', async (argv, kind) => expect((await readScript(argv))?.kind).toBe(kind));

test.each([
  ['commands', 'a b;'.repeat(2_000)],
  ['a pipeline', `${'a|'.repeat(2_000)}b`],
  ['operators', `${'a&&'.repeat(2_000)}b`],
  ['subshells', `${'( '.repeat(2_500)}a${' )'.repeat(2_500)}`],
  ['substitutions', `echo ${'$('.repeat(3000)}a${')'.repeat(3000)}`],
])('%s without end are given up, and said to be', async (_name, script) =>
  expect(await readScript(bash(script))).toMatchObject({ kind: 'other', isWhole: false }),
);

test('a long text is no long script', async () => {
  expect(await read(`echo '${'a'.repeat(500_000)}'`)).toMatchObject({ kind: 'plain' });
  expect(await read(`cat <<'EOF'\n${'a line\n'.repeat(50_000)}EOF\n`)).toEqual({
    kind: 'heredoc',
    commands: [['cat']],
  });
});

test('any word in quotes is read as it was written', async () => {
  const word = fc
    .string()
    .filter((text) => text !== '' && !hasControlCharacters(text) && !text.includes("'"));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), async (words) => {
      const script = words.map((each) => `'${each}'`).join(' ');
      expect(await read(script)).toEqual({ kind: 'plain', commands: [words] });
    }),
    { numRuns: 200 },
  );
});
