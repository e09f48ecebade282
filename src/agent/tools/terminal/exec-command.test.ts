import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTerminals } from '../../../../fixtures/terminals.ts';
import { ToolFailure } from '../tool.ts';

test('a command that ends is told with its code, its output and what it cost (row 19)', async () => {
  await using terminals = startTerminals();
  const result = await terminals.exec({ cmd: 'echo hi' });
  expect(result.text).toMatch(
    /^Chunk ID: [0-9a-f]{6}\nWall time: \d+\.\d{4} seconds\nProcess exited with code 0\nOriginal token count: 1\nOutput:\nhi\n$/,
  );
  expect(result.value).toEqual({
    chunk_id: expect.stringMatching(/^[0-9a-f]{6}$/) as string,
    wall_time_seconds: expect.any(Number) as number,
    exit_code: 0,
    original_token_count: 1,
    output: 'hi\n',
  });
  expect(terminals.events).toMatchObject([
    {
      type: 'exec_command_begin',
      call_id: 'call-1',
      turn_id: 'turn-1',
      command: ['/bin/sh', '-lc', 'echo hi'],
      cwd: '/',
      source: 'unified_exec_startup',
    },
    { type: 'exec_command_end', aggregated_output: 'hi\n', exit_code: 0, status: 'completed' },
  ]);
  expect(Buffer.concat(terminals.deltas).toString()).toBe('hi\n');
  expect(terminals.manager.list()).toEqual([]);
});

test('a command that fails is told with its code, and both of its outputs', async () => {
  await using terminals = startTerminals();
  const result = await terminals.exec({ cmd: 'echo out; echo err >&2; exit 3' });
  expect(result.exitCode).toBe(3);
  expect(result.output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
  expect(terminals.ends()).toMatchObject([{ exit_code: 3, status: 'failed' }]);
});

test('a command that a signal ended has 128 and its number', async () => {
  await using terminals = startTerminals();
  expect((await terminals.exec({ cmd: 'kill -KILL $$' })).exitCode).toBe(137);
  expect((await terminals.exec({ cmd: 'kill -KILL $$', tty: true })).exitCode).toBe(137);
});

test('the environment is ours, and what a model needs is forced upon it', async () => {
  await using terminals = startTerminals({
    env: { PATH: '/usr/bin:/bin', LANG: 'de_DE.UTF-8', PAGER: 'less', MINE: 'kept', GONE: undefined },
  });
  const { output } = await terminals.exec({ cmd: 'env', login: false });
  const env = Object.fromEntries(output.split('\n').map((line) => line.split('=', 2)));
  expect(env).toMatchObject({
    NO_COLOR: '1',
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    LC_CTYPE: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    COLORTERM: '',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GH_PAGER: 'cat',
    CODEX_CI: '1',
    CODEX_THREAD_ID: '11111111-1111-7111-8111-111111111111',
    MINE: 'kept',
  });
  expect(env).not.toHaveProperty('GONE');
});

test('the input of a command without a terminal is closed', async () => {
  await using terminals = startTerminals();
  expect((await terminals.exec({ cmd: 'cat; tty; echo done' })).output).toContain('not a tty\ndone\n');
});

test('a command with a terminal has one, and nobody else’s', async () => {
  await using terminals = startTerminals();
  const { output } = await terminals.exec({ cmd: 'tty; stty size', tty: true });
  expect(output).toMatch(/^\/dev\/pts\/\d+\r\n24 80\r\n$/);
});

test('workdir is resolved against the working directory', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stethos-workdir-')));
  try {
    await using terminals = startTerminals({ cwd: join(folder, '..') });
    const { output } = await terminals.exec({ cmd: 'pwd', workdir: folder.split('/').at(-1) });
    expect(output).toBe(`${folder}\n`);
    writeFileSync(join(folder, 'file'), '');
    await expect(terminals.exec({ cmd: 'pwd', workdir: join(folder, 'file') })).rejects.toThrow(
      /is not a folder/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a long output loses its middle at the limit that was asked for, and no character is cut', async () => {
  await using terminals = startTerminals();
  const cmd = `i=0; while [ $i -lt 500 ]; do echo "ä€😀 $i"; i=$((i+1)); done`;
  const { output, value } = await terminals.exec({ cmd, max_output_tokens: 100 });
  expect(output).toMatch(/^Total output lines: 500\n\nä€😀 0\n[^]*tokens truncated…[^]* 499\n$/);
  expect(output).not.toContain('\u{FFFD}');
  expect(value).toMatchObject({ original_token_count: expect.any(Number) as number });
});

test('without terminals on this machine pipes still work, and tty is refused in words (fallback)', async () => {
  await using terminals = startTerminals({ loadTerminals: () => Promise.resolve(undefined) });
  await expect(terminals.exec({ cmd: 'echo hi', tty: true })).rejects.toThrow(/no terminals.*without tty/);
  expect(terminals.ends()).toMatchObject([{ status: 'failed', exit_code: -1 }]);
  expect((await terminals.exec({ cmd: 'echo hi' })).output).toBe('hi\n');
  expect(terminals.manager.list()).toEqual([]);
});

test.each([
  [{}, /cmd/],
  [{ cmd: '' }, /cmd/],
  [{ cmd: 7 }, /cmd/],
  [{ cmd: 'echo \0' }, /NUL/],
  [{ cmd: 'x'.repeat(1024 * 1024) }, /could not be started \(E2BIG\)/],
  [{ cmd: '-rf', shell: '/bin/rm' }, /no shell/],
  [{ cmd: 'echo', shell: '/missing/bash' }, /could not be started \(ENOENT\)/],
  [{ cmd: 'echo', workdir: 'missing' }, /is not a folder/],
  [{ cmd: 'echo', workdir: 'a\0b' }, /is not a folder/],
  [{ cmd: 'echo', yield_time_ms: '10' }, /yield_time_ms/],
  [{ cmd: 'echo', prefix_rule: 'npm' }, /prefix_rule/],
  [{ cmd: 'echo', sandbox_permissions: 'everything' }, /sandbox_permissions/],
  [{ cmd: 'echo', sandbox_permissions: 'with_additional_permissions' }, /not available/],
  ['text', /exec_command/],
  [null, /exec_command/],
])('arguments that make no sense are answered with a sentence: %j', async (args, words) => {
  await using terminals = startTerminals();
  const failure = await terminals.exec(args).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolFailure);
  expect((failure as Error).message).toMatch(words);
  expect(terminals.manager.list()).toEqual([]);
});

test.each([
  { yield_time_ms: -5 },
  { yield_time_ms: 1e300 },
  { max_output_tokens: -1 },
  { login: false },
  { workdir: null, tty: null },
])('a number out of bounds is taken to the nearest one, null is no value: %j', async (args) => {
  await using terminals = startTerminals();
  expect((await terminals.exec({ cmd: 'true', ...args })).exitCode).toBe(0);
});

test('what a call asks of the guard', async () => {
  const asked: unknown[] = [];
  await using terminals = startTerminals({
    guard: {
      permitCommand: (request) => {
        asked.push(request);
        return Promise.resolve({ kind: 'refused', message: 'no' });
      },
      permitWithoutSandbox: () => Promise.resolve({ kind: 'refused', message: 'no' }),
    },
  });
  const escalation = {
    sandbox_permissions: 'require_escalated',
    justification: 'May I?',
    prefix_rule: ['npm', 'install'],
  };
  for (const more of [{}, escalation])
    await expect(terminals.exec({ cmd: 'npm install', login: false, ...more })).rejects.toThrow('no');
  const plain = { argv: ['/bin/sh', '-c', 'npm install'], cwd: '/' };
  expect(asked).toEqual([
    { callId: 'call-1', ...plain, wantsEscalation: false },
    {
      callId: 'call-2',
      ...plain,
      wantsEscalation: true,
      justification: 'May I?',
      prefixRule: ['npm', 'install'],
    },
  ]);
});

test('a command that is a patch goes to whoever applies patches', async () => {
  const asked: unknown[] = [];
  await using terminals = startTerminals({
    interceptPatch: (argv, cwd, call) => {
      asked.push([argv.at(-1), cwd, call.callId]);
      return Promise.resolve(argv.at(-1) === 'patch' ? { content: 'patched', success: true } : undefined);
    },
  });
  expect((await terminals.exec({ cmd: 'patch' })).content).toBe('patched');
  expect((await terminals.exec({ cmd: 'echo other' })).output).toBe('other\n');
  expect(asked).toEqual([
    ['patch', '/', 'call-1'],
    ['echo other', '/', 'call-2'],
  ]);
  expect(terminals.ends()).toHaveLength(1);
});
