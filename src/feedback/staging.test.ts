import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedbackHome } from '../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { contentOf, prepared } from '../../fixtures/prepared-feedback.ts';
import { files } from '../host/files.ts';
import { createRedactor } from '../redact/redactor.ts';
import { scanAgain } from './scan-again.ts';
import { traceItems } from './trace-items.ts';

test('files that the user names go along once each, and pictures and pipes do not', async () => {
  const home = temporaryHome({
    'a.log': 'token for bob@example.com',
    'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    'utf16.txt': Buffer.from('\uFEFFhello', 'utf16le'),
    'other/a.log': 'another of this name',
  });
  execFileSync('mkfifo', [join(home, 'pipe')]);
  symlinkSync(join(home, 'a.log'), join(home, 'link.log'));
  const feedback = await prepared(home, {
    collect: new Set(['files']),
    extraFiles: ['a.log', './a.log', 'link.log', 'picture.png', 'pipe', 'utf16.txt', 'gone', 'other/a.log'],
  });
  expect(feedback.items.map(({ name }) => name)).toEqual(['a.log', 'utf16.txt', 'a.log']);
  expect(contentOf(feedback, 'files')[0]).toBe('token for <email:1>');
  expect(feedback.omitted.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
    'picture.png: it is no text, and cannot be redacted',
    'pipe: it is a fifo',
    'gone: missing',
  ]);
});

test('files are named only when they are asked for', async () => {
  const feedback = await prepared(temporaryHome({ a: 'x' }), { extraFiles: ['a'], collect: new Set() });
  expect(feedback.items).toEqual([]);
});

const linesIn = (text: string | undefined): unknown[] =>
  (text ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('a rollout trace is taken with its payloads as lines of one file, each redacted as what it is', async () => {
  const home = temporaryHome({
    't/manifest.json': '{}',
    't/trace.jsonl': '{"seq":1}\n',
    't/payloads/10.json': '{"a":1}',
    't/payloads/2.json':
      '{\n  "api_key": "kestrel-7",\r\n  "text": "two\\nlines",\n  "number": 1.0000000000000000001\n}\n',
    't/payloads/3.json': '{"cut off": ',
    't/payloads/other.txt': 'x',
  });
  const feedback = await prepared(home, { collect: new Set(['trace']), trace: join(home, 't') });
  expect(feedback.items.map(({ name }) => name)).toEqual([
    'trace-manifest.json',
    'trace.jsonl',
    'trace-payloads.jsonl',
  ]);
  const [two, three, ten, ...more] = contentOf(feedback, 'trace')[2]?.trim().split('\n') ?? [];
  expect(linesIn(two)).toEqual([
    {
      path: 'payloads/2.json',
      payload: { api_key: expect.stringMatching(/^<.*:1>$/) as string, text: 'two\nlines', number: 1 },
    },
  ]);
  expect(three).toContain('"path":"payloads/3.json"');
  expect(linesIn(ten)).toEqual([{ path: 'payloads/10.json', payload: { a: 1 } }]);
  expect(more).toEqual([]);
});

test('however many payloads a trace has, they are few attachments, and none is larger than a receiver takes', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 1_200 }, (_, index) => [`t/payloads/${index + 1}.json`, `{"n":${index + 1}}`]),
  );
  const home = temporaryHome({ 't/manifest.json': '{}', ...many });
  for (const name of ['7', '8']) truncateSync(join(home, `t/payloads/${name}.json`), 20 * 1024 * 1024);
  const { items } = traceItems(join(home, 't'), files);
  expect(items.map(({ name }) => name)).toEqual([
    'trace-manifest.json',
    'trace-payloads-1.jsonl',
    'trace-payloads-2.jsonl',
  ]);
});

test('a payload that cannot be read costs no other, and is told', async () => {
  const home = temporaryHome({ 't/payloads/1.json': '{"a":1}', 't/payloads/2.json': '{}' });
  const { items } = traceItems(join(home, 't'), files);
  rmSync(join(home, 't/payloads/1.json'));
  const pieces: Uint8Array[] = [];
  for await (const piece of items[0]?.open() ?? []) pieces.push(piece);
  expect(linesIn(Buffer.concat(pieces).toString())).toEqual([
    { path: 'payloads/1.json', payload: null },
    { path: 'payloads/1.json', cutShort: 'ENOENT' },
    { path: 'payloads/2.json', payload: {} },
  ]);
});

test('the private folder can be entered by this user alone, and goes', async () => {
  const feedback = await prepared(feedbackHome());
  const path = feedback.items[0]?.path ?? '';
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  feedback.remove();
  feedback.remove();
  expect(existsSync(dirname(path))).toBe(false);
});

test('an abort leaves no folder behind', async () => {
  const parent = temporaryHome();
  const controller = new AbortController();
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = parent;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  await expect(
    prepared(
      feedbackHome(),
      {},
      { signal: controller.signal, onProgress: () => controller.abort(new Error('stop')) },
    ),
  ).rejects.toThrow('stop');
  expect(files.list(parent)).toMatchObject({
    entries: [expect.objectContaining({ name: expect.stringContaining('stethos-home') as string })],
  });
});

test('what was staged is looked at again, and a change is seen', async () => {
  const feedback = await prepared(feedbackHome());
  const look = () =>
    scanAgain(feedback.items.slice(0, 1), {
      redactor: createRedactor({ userDirectory: '/home/alice' }),
      signal: new AbortController().signal,
    });
  expect(await look()).toEqual([]);
  writeFileSync(feedback.items[0]?.path ?? '', 'mail bob@example.com');
  expect(await look()).toMatchObject([{ found: [{ rule: 'email', count: 1 }] }]);
  writeFileSync(feedback.items[0]?.path ?? '', 'something else');
  expect(await look()).toMatchObject([{ found: [], isChanged: true }]);
});
