import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { threadId } from '../../../fixtures/rollouts.ts';
import type { RolloutLine, SessionMeta } from './line.ts';
import { createRolloutWriter } from './writer.ts';
import type { AppendFile } from './writer.ts';

const clock = { now: () => Date.UTC(2026, 10, 20, 7, 41, 40, 297), elapsed: () => 0 };
const meta: SessionMeta = {
  id: threadId(1),
  timestamp: '2026-11-20T07:41:40.297Z',
  cwd: '/work',
  originator: 'test',
  cli_version: '0.0.0',
  source: 'exec',
  model_provider: 'scripted',
};
const say = (text: string): RolloutLine => ({ type: 'event_msg', payload: { type: 'said', text } });
const read = (path: string): { type: string; payload: { text?: string }; ordinal?: number }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReturnType<typeof read>[number]);
const textsIn = (path: string): (string | undefined)[] => read(path).map(({ payload }) => payload.text);

/** A file that refuses some writes, and counts all. */
function fragileFile(options: { readonly refuse: (write: number) => number | 'whole' }): {
  readonly openFile: (path: string) => Promise<AppendFile>;
  readonly writes: () => number;
} {
  let writes = 0;
  return {
    writes: () => writes,
    openFile: async (path) => {
      const file = await open(path, 'a+');
      return {
        stat: file.stat.bind(file),
        read: file.read.bind(file),
        close: file.close.bind(file),
        write: (async (bytes: Buffer) => {
          writes += 1;
          const taken = options.refuse(writes);
          if (taken === 'whole') return file.write(bytes);
          if (taken > 0) return file.write(bytes.subarray(0, taken));
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }) as AppendFile['write'],
      };
    },
  };
}

test('the file is made with the first line, and begins with the metadata', async () => {
  const path = join(temporaryHome(), 'sessions/2026/11/20/rollout.jsonl');
  const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock });
  await writer.flush();
  expect(existsSync(path)).toBe(false);
  await writer.append([say('one')]);
  await writer.append([say('two'), say('three')]);
  await writer.close();
  const lines = read(path);
  expect(lines.map(({ type }) => type)).toEqual(['session_meta', 'event_msg', 'event_msg', 'event_msg']);
  expect(lines[0]).toEqual({ timestamp: '2026-11-20T07:41:40.297Z', type: 'session_meta', payload: meta });
});

test('lines that wait together are one write, in the order of the calls', async () => {
  const path = join(temporaryHome(), 'rollout.jsonl');
  const file = fragileFile({ refuse: () => 'whole' });
  const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock, openFile: file.openFile });
  const texts = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  await Promise.all(texts.map((text) => writer.append([say(text)])));
  await writer.close();
  expect(textsIn(path)).toEqual([undefined, ...texts]);
  expect(file.writes()).toBe(1);
});

test('a write that is cut short and refused goes on where it stopped', async () => {
  const path = join(temporaryHome(), 'rollout.jsonl');
  const file = fragileFile({ refuse: (write) => (write === 1 ? 40 : write === 2 ? 0 : 'whole') });
  const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock, openFile: file.openFile });
  await writer.append([say('one')]);
  await writer.close();
  expect(textsIn(path)).toEqual([undefined, 'one']);
});

test('a full disk rejects, keeps what it refused, and the next barrier writes it first', async () => {
  const path = join(temporaryHome(), 'rollout.jsonl');
  let isFull = true;
  const file = fragileFile({ refuse: () => (isFull ? 0 : 'whole') });
  const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock, openFile: file.openFile });
  await expect(writer.append([say('one')])).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(file.writes(), 'tried, and tried once more with the file reopened').toBe(2);
  await expect(writer.append([say('two')])).rejects.toMatchObject({ code: 'ENOSPC' });
  isFull = false;
  await writer.flush();
  await writer.append([say('three')]);
  await writer.close();
  expect(textsIn(path)).toEqual([undefined, 'one', 'two', 'three']);
});

test.each([
  ['a truncated last line gets its end first', '{"type":"event_msg","pay', 2],
  ['a whole last line does not', '', 1],
])('resume: %s', async (_name, tail, expectedBreaks) => {
  const path = join(temporaryHome(), 'rollout.jsonl');
  writeFileSync(path, `{"type":"session_meta"}\n${tail}`);
  const writer = createRolloutWriter({ path, start: { kind: 'resumed', nextOrdinal: undefined }, clock });
  await writer.append([say('on')]);
  await writer.close();
  const text = readFileSync(path, 'utf8');
  expect(text.startsWith(`{"type":"session_meta"}\n${tail}`)).toBe(true);
  const end = text.lastIndexOf('{"timestamp"');
  expect(text.slice(0, end).split('\n').length - 1).toBe(expectedBreaks);
  expect(JSON.parse(text.slice(end))).toMatchObject({ payload: { text: 'on' } });
});

test('ordinals go on in a paginated file, and a legacy file has none', async () => {
  const home = temporaryHome({ 'a.jsonl': '{}\n', 'b.jsonl': '{}\n' });
  for (const [name, nextOrdinal] of [
    ['a.jsonl', 47],
    ['b.jsonl', undefined],
  ] as const) {
    const writer = createRolloutWriter({
      path: join(home, name),
      start: { kind: 'resumed', nextOrdinal },
      clock,
    });
    await writer.append([say('x'), say('y')]);
    await writer.close();
  }
  expect(read(join(home, 'a.jsonl')).slice(1)).toMatchObject([{ ordinal: 47 }, { ordinal: 48 }]);
  expect(read(join(home, 'b.jsonl')).some((line) => 'ordinal' in line)).toBe(false);
});

test('another writer that appended meanwhile loses nothing', async () => {
  const path = join(temporaryHome(), 'rollout.jsonl');
  const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock });
  await writer.append([say('ours')]);
  appendFileSync(path, '{"payload":{"text":"theirs"}}\n');
  await writer.append([say('ours again')]);
  await writer.close();
  expect(textsIn(path)).toEqual([undefined, 'ours', 'theirs', 'ours again']);
});
