import { execFileSync } from 'node:child_process';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedbackHome } from '../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { contentOf, prepared } from '../../fixtures/prepared-feedback.ts';
import { files } from '../host/files.ts';
import { createRedactor } from '../redact/redactor.ts';
import { scanAgain } from './scan-again.ts';

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

test('a rollout trace is taken file by file', async () => {
  const home = temporaryHome({
    't/manifest.json': '{}',
    't/trace.jsonl': '{"seq":1}\n',
    't/payloads/1.json': '{"a":1}',
    't/payloads/other.txt': 'x',
  });
  const feedback = await prepared(home, { collect: new Set(['trace']), trace: join(home, 't') });
  expect(feedback.items.map(({ name }) => name)).toEqual([
    'trace-manifest.json',
    'trace.jsonl',
    'trace-payload-1.json',
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
