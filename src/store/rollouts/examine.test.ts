import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { RECORD, put, rolloutPlace, session, threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import type { ContentFault } from './examine.ts';
import { examineContents } from './examine.ts';
import { walkRollouts } from './walk.ts';

const ID = threadId(1);
const OTHER = threadId(2);
const PLACE = rolloutPlace();
const SOUND = session(ID);
const never = new AbortController().signal;

async function examine(
  home: string,
  { everything = false, seam = files }: { everything?: boolean; seam?: Files } = {},
) {
  const active = await walkRollouts(files, home, 'sessions', never);
  const archived = await walkRollouts(files, home, 'archived_sessions', never);
  const findings = await examineContents(seam, home, [active.files, archived.files], {
    everything,
    signal: never,
  });
  const faults: Partial<Record<ContentFault, readonly string[]>> = {};
  for (const [fault, { count, sample }] of Object.entries(findings.faults))
    if (count > 0) faults[fault as ContentFault] = sample;
  return { ...findings, faults };
}

const homeWith = (content: string | Uint8Array, place = PLACE): string => {
  const home = temporaryHome();
  put(home, place, content);
  return home;
};

test.each([
  ['sound', SOUND],
  ['with blank lines', `\n${SOUND}\n\n`],
  ['without the last line end', SOUND.trimEnd()],
  ['with records of a newer kind', `${SOUND}{"type":"from_the_future","payload":[1]}\n`],
  ['with Windows line ends', SOUND.replaceAll('\n', '\r\n')],
])('a session %s has no fault', async (_, content) => {
  const findings = await examine(homeWith(content));
  expect(findings.faults).toEqual({});
  expect(findings).toMatchObject({ files: 1, examined: 1, whole: 1, complete: true });
});

test.each<[string, string | Uint8Array, Partial<Record<ContentFault, string[]>>]>([
  ['a line that is not JSON', `${SOUND}{"timestamp": "2026-\n${RECORD}`, { not_json: [`${PLACE} line 3`] }],
  ['JSON that is no record', `${SOUND}[]\n${RECORD}`, { not_a_record: [`${PLACE} line 3`] }],
  ['NUL bytes', `${SOUND}${'\0'.repeat(50)}\n${RECORD}`, { nul_bytes: [`${PLACE} line 3`] }],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from(SOUND), Buffer.from([0x22, 0xe9, 0x22, 0x0a])]),
    { invalid_utf8: [`${PLACE} line 3`] },
  ],
  ['a cut last record', `${SOUND}${RECORD.slice(0, 40)}`, { unfinished: [`${PLACE} line 3`] }],
  [
    'a cut record longer than an end that is read',
    `${SOUND}${RECORD.slice(0, -2)}${'x'.repeat(100_000)}`,
    { unfinished: [`${PLACE} line 3`] },
  ],
  ['an empty file', '', { empty: [PLACE] }],
  ['another first record', RECORD + SOUND, { no_session_meta: [PLACE] }],
  ['blank lines only', '\n\n', { no_session_meta: [PLACE] }],
  ['another thread', session(threadId(9)), { id_mismatch: [`${PLACE} (holds ${threadId(9)})`] }],
  [
    'two faults',
    `nonsense\n${SOUND}more nonsense\n[]\n`,
    { not_json: [`${PLACE} line 1`], not_a_record: [`${PLACE} line 5`] },
  ],
])('%s', async (_, content, expected) => {
  expect((await examine(homeWith(content))).faults).toEqual(expected);
});

test('a session from before records had types is old, not damaged', async () => {
  const old =
    '{"id":"x","timestamp":"2025-05-07T17:24:21Z","instructions":null}\n{"type":"message","role":"user"}\n';
  expect(await examine(homeWith(old))).toMatchObject({ faults: {}, oldFormat: 1 });
});

test('a record that is finished while we wait was being written', async () => {
  const home = homeWith(`${SOUND}${RECORD.slice(0, 40)}`);
  let looks = 0;
  const seam: Files = {
    ...files,
    look: (path) => {
      if ((looks += 1) === 2) appendFileSync(path, RECORD.slice(40));
      return files.look(path);
    },
  };
  expect(await examine(home, { seam })).toMatchObject({ faults: {}, beingWritten: 1 });
});

test('of a large file both ends are read, and all of it when asked', async () => {
  const home = homeWith(`${SOUND}${RECORD.repeat(50_000)}damage\n${RECORD.repeat(50_000)}`);
  const quick = await examine(home);
  expect(quick).toMatchObject({ faults: {}, whole: 0 });
  expect(quick.bytesRead).toBeLessThan(100_000);
  expect(await examine(home, { everything: true })).toMatchObject({
    faults: { not_json: [`${PLACE} line 50003`] },
    whole: 1,
  });
});

test('damage at the end of a large file is found by its byte', async () => {
  const before = `${SOUND}${RECORD.repeat(50_000)}`;
  const { faults } = await examine(homeWith(`${before}damage\n${RECORD}`));
  expect(faults).toEqual({ not_json: [`${PLACE} byte ${before.length}`] });
});

test('two gigabytes without a line end cost a bounded read', async () => {
  const home = homeWith('{"timestamp":');
  truncateSync(join(home, PLACE), 2 * 1024 ** 3);
  const findings = await examine(home);
  expect(findings.faults).toEqual({ nul_bytes: [`${PLACE} line 1`] });
  expect(findings.bytesRead).toBeLessThan(2 * 1024 ** 2);
});

test('a first line beyond all measure', async () => {
  expect((await examine(homeWith(`{"a":"${'x'.repeat(9_000_000)}"}`))).faults).toEqual({
    too_long: [`${PLACE} line 1`],
  });
});

test.each([
  ['sound', zstdCompressSync(SOUND), {}],
  ['damaged inside', zstdCompressSync(`${SOUND}oops\n${RECORD}`), { not_json: [`${PLACE}.zst line 3`] }],
  ['cut off', zstdCompressSync(SOUND).subarray(0, -4), { unpack: [`${PLACE}.zst (end is missing)`] }],
  ['not compressed', Buffer.from(SOUND), { unpack: [`${PLACE}.zst (ZSTD_error_prefix_unknown)`] }],
  ['empty', Buffer.alloc(0), { empty: [`${PLACE}.zst`] }],
])('a compressed session that is %s', async (_, content, expected) => {
  expect((await examine(homeWith(content, `${PLACE}.zst`))).faults).toEqual(expected);
});

test('a file that may not be read', async () => {
  const seam: Files = { ...files, readBytes: () => ({ kind: 'denied', code: 'EACCES' }) };
  expect((await examine(homeWith(SOUND), { seam })).faults).toEqual({
    unreadable: [`${PLACE}: permission denied (EACCES)`],
  });
});

const continuing = (id: string, bytes: number) => ({
  history_base: { thread_id: id, end_ordinal_exclusive: 2, end_byte_offset: bytes },
});

test.each<[string, Readonly<Record<string, string>>, readonly string[] | undefined]>([
  ['a fork with its parent', { [rolloutPlace({ id: OTHER })]: session(OTHER) }, undefined],
  [
    'a fork with its parent in the archive',
    { [rolloutPlace({ id: OTHER, archived: true })]: session(OTHER) },
    undefined,
  ],
  ['a fork with a compressed parent', { [`${rolloutPlace({ id: OTHER })}.zst`]: '' }, undefined],
  ['a fork without its parent', {}, [`${PLACE} (continues ${OTHER})`]],
  [
    'a fork of a parent that was cut off',
    { [rolloutPlace({ id: OTHER })]: '' },
    [`${PLACE} (continues ${OTHER})`],
  ],
])('%s', async (_, others, expected) => {
  const home = homeWith(session(ID, continuing(OTHER, session(OTHER).length)));
  for (const [place, content] of Object.entries(others)) put(home, place, content);
  expect((await examine(home)).faults.base_missing).toEqual(expected);
});

test('a paginated session needs its earlier file', async () => {
  const home = homeWith(session(ID, continuing(ID, 10)));
  expect((await examine(home)).faults.base_missing).toEqual([`${PLACE} (continues ${ID})`]);
  put(home, rolloutPlace({ day: '2026-11-19' }), SOUND);
  expect((await examine(home)).faults).toEqual({});
});

test('of very many files a sample is read', async () => {
  const home = temporaryHome();
  for (let number = 0; number < 200; number += 1)
    put(home, rolloutPlace({ id: threadId(number) }), session(threadId(number)));
  const sample = await examine(home);
  expect(sample.files).toBe(200);
  expect(sample.examined).toBe(48);
  expect((await examine(home, { everything: true })).examined).toBe(200);
});
