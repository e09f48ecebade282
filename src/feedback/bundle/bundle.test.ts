import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleFolder, verified, written } from '../../../fixtures/bundles.ts';
import { zip } from '../../../fixtures/raw-zip.ts';
import { inspectBundle } from './inspect.ts';
import { openBundle } from './read.ts';
import { redactBundle } from './redact-again.ts';
import { isSound } from './verify.ts';
import { writeBundle } from './write.ts';

const { signal } = new AbortController();

const fileName = fc.stringMatching(/^[\w ()+=@~-][\w. ()+=@~-]{0,30}$/).filter((name) => !/^\.+$/.test(name));

test('what goes in comes out to the byte, under its name and number', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fileName, content: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 5 }),
      async (given) => {
        const { path, manifest } = await written(given);
        const bundle = await openBundle(path);
        const inspected = await inspectBundle(bundle);
        expect(inspected).toMatchObject({
          strays: [],
          manifest: JSON.parse(JSON.stringify(manifest)) as object,
        });
        expect(inspected.attachments.map(({ name }) => name)).toEqual(
          given.map(({ name }, index) => `attachments/000${index}/${name}`),
        );
        for (const [index, entry] of inspected.attachments.entries())
          expect(await buffer(await entry.open())).toEqual(Buffer.from(given[index]?.content ?? ''));
        bundle.close();
        rmSync(path);
      },
    ),
    { numRuns: 25 },
  );
});

test('the manifest is that of 0.169 and more', async () => {
  const { path, manifest } = await written([{ name: 'codex-logs.log', content: 'a line\n' }]);
  expect(manifest).toEqual([
    {
      entry: 'attachments/0000/codex-logs.log',
      filename: 'codex-logs.log',
      contentType: 'text/plain',
      bytes: 7,
      sha256: createHash('sha256').update('a line\n').digest('hex'),
      redaction: { version: '1.0.0', hidden: [{ rule: 'email', count: 2 }], confident: 0 },
    },
    expect.objectContaining({ entry: 'report.json', contentType: 'application/json' }),
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(isSound(await verified(path))).toBe(true);
});

test('a file that exists stays as it is', async () => {
  const path = join(bundleFolder(), 'mine.zip');
  writeFileSync(path, 'mine');
  await expect(
    writeBundle(path, { report: {}, items: [], hiddenInReport: [], redactedBy: '1', signal }),
  ).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

test('a bundle that does not come about leaves nothing', async () => {
  const path = join(bundleFolder(), 'a.zip');
  const gone = {
    name: 'a',
    path: join(bundleFolder(), 'gone'),
    bytes: 1,
    sha256: '',
    contentType: '',
    hidden: [],
    confident: 0,
  };
  const content = { report: {}, items: [gone], hiddenInReport: [], redactedBy: '1' };
  await expect(writeBundle(path, { ...content, signal })).rejects.toThrow('ENOENT');
  await expect(writeBundle(path, { ...content, items: [], signal: AbortSignal.abort() })).rejects.toThrow(
    'aborted',
  );
  expect(existsSync(path)).toBe(false);
});

test('a secret, a changed byte and a file that was never redacted are told', async () => {
  const leaky = await verified((await written([{ name: 'a.log', content: 'bob@example.com' }])).path);
  expect(leaky.entries.find(({ name }) => name.endsWith('a.log'))?.found).toEqual([
    { rule: 'email', count: 1 },
  ]);
  expect(isSound(leaky)).toBe(false);

  const raw = await verified(
    (await written([{ name: 'a.log', content: 'x' }], { redactedBy: undefined })).path,
  );
  expect(raw.entries[1]?.problems).toEqual(['it was never redacted']);

  const changed = await verified(
    zip(bundleFolder(), [
      { name: 'report.json', content: '{}' },
      { name: 'attachments/0000/a', content: 'changed' },
      {
        name: 'manifest.json',
        content: JSON.stringify([
          { entry: 'attachments/0000/a', filename: 'a', contentType: '', bytes: 4, sha256: 'f'.repeat(64) },
          { entry: 'attachments/0001/b', filename: 'b', contentType: '' },
        ]),
      },
    ]),
  );
  expect(changed.entries[1]?.problems).toEqual([
    'it has 7 bytes, and the manifest says 4',
    'its hash is not that of the manifest',
  ]);
  expect(changed.problems).toEqual(['attachments/0001/b is in the manifest only']);
  expect(changed.remarks).toHaveLength(1);
});

test('a bundle of codex 0.169 has no hashes, and is no worse for it', async () => {
  const verification = await verified(
    zip(bundleFolder(), [
      { name: 'report.json', content: '{"event_id":"1"}' },
      { name: 'attachments/0000/codex-logs.log', content: 'fine\n' },
      {
        name: 'manifest.json',
        content:
          '[{"entry":"attachments/0000/codex-logs.log","filename":"codex-logs.log","contentType":"text/plain"}]',
      },
    ]),
  );
  expect(isSound(verification)).toBe(true);
  expect(verification.remarks).toHaveLength(1);
});

test('redacting again hides what today is known, and keeps the rest to the byte', async () => {
  const { path } = await written([
    { name: 'a.log', content: 'mail bob@example.com\n' },
    { name: 'b.log', content: 'nothing here\n' },
  ]);
  const bundle = await openBundle(path);
  const target = join(bundleFolder(), 'new.zip');
  const done = await redactBundle(await inspectBundle(bundle), target, {
    redaction: { userDirectory: '' },
    version: '2.0.0',
    signal,
  });
  bundle.close();
  expect(done.items.map(({ name, isChanged }) => [name, isChanged])).toEqual([
    ['a.log', true],
    ['b.log', false],
  ]);
  expect(isSound(await verified(target))).toBe(true);
  const again = await openBundle(target);
  const { attachments, manifest } = await inspectBundle(again);
  expect((await buffer(await (attachments[0]?.open() ?? Promise.reject(new Error('gone'))))).toString()).toBe(
    'mail <email:1>\n',
  );
  expect(manifest[0]?.redaction).toMatchObject({ version: '2.0.0' });
  again.close();
});
