import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor } from '../../redact/redactor.ts';
import { BundleFault } from './fault.ts';
import { inspectBundle } from './inspect.ts';
import type { ManifestEntry } from './manifest.ts';
import { parseManifest } from './manifest.ts';
import { openBundle } from './read.ts';
import { redactBundle } from './redact-again.ts';
import { isSound, verifyBundle } from './verify.ts';
import type { Verification } from './verify.ts';
import { writeBundle } from './write.ts';
import type { BundleContent } from './write.ts';

const { signal } = new AbortController();
const newRedactor = () => createRedactor({ userDirectory: '' });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'stethos-bundle-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Given {
  readonly name: string;
  readonly content: string | Uint8Array;
}

async function written(
  given: readonly Given[],
  more: Partial<BundleContent> = {},
): Promise<{ readonly path: string; readonly manifest: readonly ManifestEntry[] }> {
  const place = folder();
  const items = given.map(({ name, content }, index) => {
    const path = join(place, String(index));
    writeFileSync(path, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const bytes = Buffer.byteLength(content);
    return {
      name,
      path,
      bytes,
      sha256,
      contentType: 'text/plain',
      hidden: [{ rule: 'email', count: 2 }],
      confident: 0,
    };
  });
  const path = join(place, 'bundle.zip');
  const manifest = await writeBundle(path, {
    report: { event_id: 'e'.repeat(32), message: 'title' },
    items,
    hiddenInReport: [],
    redactedBy: '1.0.0',
    signal,
    ...more,
  });
  return { path, manifest };
}

async function verified(path: string) {
  const bundle = await openBundle(path);
  try {
    return await verifyBundle(bundle, await inspectBundle(bundle), { newRedactor, signal });
  } finally {
    bundle.close();
  }
}

async function faultOf(path: string): Promise<string> {
  try {
    const bundle = await openBundle(path);
    try {
      await inspectBundle(bundle);
    } finally {
      bundle.close();
    }
  } catch (error) {
    if (error instanceof BundleFault) return error.message;
    throw error;
  }
  return 'none';
}

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
  const path = join(folder(), 'mine.zip');
  writeFileSync(path, 'mine');
  await expect(
    writeBundle(path, { report: {}, items: [], hiddenInReport: [], redactedBy: '1', signal }),
  ).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

test('a bundle that does not come about leaves nothing', async () => {
  const path = join(folder(), 'a.zip');
  const gone = {
    name: 'a',
    path: '/nonexistent',
    bytes: 1,
    sha256: '',
    contentType: '',
    hidden: [],
    confident: 0,
  };
  const content = { report: {}, items: [gone], hiddenInReport: [], redactedBy: '1' };
  await expect(writeBundle(path, { ...content, signal })).rejects.toThrow('not a file');
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
    zip(folder(), [
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
    zip(folder(), [
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
  const target = join(folder(), 'new.zip');
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

/* Archives as nobody who means well writes them. */

interface RawEntry extends Given {
  readonly method?: number;
  readonly flags?: number;
  readonly attributes?: number;
  /** What the directory says instead of the truth. */
  readonly says?: { readonly bytes?: number; readonly compressed?: number; readonly offset?: number };
}

const CRC_TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

/** Writes a ZIP file entry by entry, stored, with whatever lies the entries ask for. */
function zip(place: string, entries: readonly RawEntry[]): string {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 0, flags = 0x800, attributes = 0, says = {} } of entries) {
    const data = Buffer.from(content);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crcOf(data), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x0314, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crcOf(data), 16);
    central.writeUInt32LE(says.compressed ?? data.length, 20);
    central.writeUInt32LE(says.bytes ?? data.length, 24);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt32LE(attributes, 38);
    central.writeUInt32LE(says.offset ?? offset, 42);
    parts.push(local, nameBytes, data);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + data.length;
  }
  const end = Buffer.alloc(22);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  const path = join(place, `${Math.random().toString(36).slice(2)}.zip`);
  writeFileSync(path, Buffer.concat([...parts, ...directory, end]));
  return path;
}

const FRAME: readonly RawEntry[] = [
  { name: 'report.json', content: '{}' },
  { name: 'manifest.json', content: '[]' },
];
const LINK = 0o120777 * 65_536;

test.each<[string, readonly RawEntry[], RegExp]>([
  [
    'a name that climbs out',
    [...FRAME, { name: '../../etc/cron.d/x', content: '' }],
    /invalid relative path/,
  ],
  ['an absolute name', [...FRAME, { name: '/etc/passwd', content: '' }], /absolute path/],
  ['a name of Windows', [...FRAME, { name: 'attachments\\0000\\x', content: '' }], /invalid characters/],
  ['a drive', [...FRAME, { name: 'attachments/0000/C:x', content: '' }], /does not belong/],
  [
    'dots for a name',
    [...FRAME, { name: 'attachments/0000/..', content: '' }],
    /invalid relative path|does not belong/,
  ],
  ['a folder', [...FRAME, { name: 'attachments/0000/', content: '' }], /does not belong/],
  [
    'a name that cannot be seen',
    [...FRAME, { name: 'attachments/0000/a\u001B[2Jb', content: '' }],
    /cannot be seen/,
  ],
  [
    'a name that reads from right to left',
    [...FRAME, { name: 'attachments/0000/a\u202Egpj', content: '' }],
    /cannot be seen/,
  ],
  ['something else', [...FRAME, { name: 'auth.json', content: '' }], /auth\.json does not belong/],
  [
    'a name twice',
    [...FRAME, { name: 'Report.json', content: '' }]
      .slice(0, 2)
      .concat({ name: 'report.json', content: '1' }),
    /in it twice/,
  ],
  [
    'two names that some systems take for one',
    [...FRAME, { name: 'attachments/0000/a', content: '' }, { name: 'attachments/0000/A', content: '' }],
    /in it twice/,
  ],
  [
    'a link',
    [...FRAME, { name: 'attachments/0000/a', content: '/etc/passwd', attributes: LINK }],
    /is a link/,
  ],
  [
    'an encrypted entry',
    [...FRAME, { name: 'attachments/0000/a', content: 'x', flags: 0x801, method: 8 }],
    /encrypted/,
  ],
  [
    'another way of packing',
    [...FRAME, { name: 'attachments/0000/a', content: 'x', method: 14 }],
    /not known \(14\)/,
  ],
  [
    'entries that share bytes',
    [
      ...FRAME,
      ...[1, 2, 3, 4].map((index) => ({
        name: `attachments/000${index}/a`,
        content: 'x',
        method: 8,
        says: { compressed: 300, bytes: 300_000 },
      })),
    ],
    /share bytes/,
  ],
  [
    'more than anybody sends',
    [
      ...FRAME,
      ...[1, 2, 3, 4, 5].map((index) => ({
        name: `attachments/000${index}/a`,
        content: 'x',
        method: 8,
        says: { bytes: 4_294_967_294 },
      })),
    ],
    /unpacks to more/,
  ],
  ['no manifest', [{ name: 'report.json', content: '{}' }], /no manifest\.json/],
  ['no report', [{ name: 'manifest.json', content: '[]' }], /no report\.json/],
  [
    'a manifest that is no JSON',
    [
      { name: 'report.json', content: '{}' },
      { name: 'manifest.json', content: '[' },
    ],
    /no JSON/,
  ],
  [
    'a manifest that is no list',
    [
      { name: 'report.json', content: '{}' },
      { name: 'manifest.json', content: '{}' },
    ],
    /no list/,
  ],
  [
    'a manifest without names',
    [
      { name: 'report.json', content: '{}' },
      { name: 'manifest.json', content: '[{}]' },
    ],
    /says no names/,
  ],
  [
    'a report that is a list',
    [
      { name: 'report.json', content: '[]' },
      { name: 'manifest.json', content: '[]' },
    ],
    /no JSON object/,
  ],
])('%s is refused', async (_, entries, words) => {
  expect(await faultOf(zip(folder(), entries))).toMatch(words);
});

test('a size that is not true ends the reading of that entry, and is told', async () => {
  const path = zip(folder(), [
    ...FRAME,
    { name: 'attachments/0000/a', content: 'x'.repeat(100), method: 8, says: { bytes: 5 } },
  ]);
  const { entries } = await verified(path);
  expect(entries[2]?.problems[0]).toMatch(/cannot be unpacked/);
});

const WORDS = 'some words\n'.repeat(50);
const EMPTY: Verification = { entries: [], problems: [], remarks: [] };

test('a file that is no archive, cut or changed anywhere, never does more than be refused or be told', async () => {
  const { path } = await written([{ name: 'a.log', content: WORDS }]);
  const bytes = readFileSync(path);
  const place = folder();
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
      const broken = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
      if (!isCut) broken[at] = value;
      const file = join(place, 'broken.zip');
      writeFileSync(file, broken);
      const outcome = await verified(file).catch((error: unknown) => error);
      const isRefused = outcome instanceof BundleFault;
      const { entries, ...rest } = isRefused ? EMPTY : (outcome as Verification);
      const content = entries.find(({ name }) => name.includes('a.log'));
      // Sound is only what still has all its bytes.
      expect(isRefused || !isSound({ entries, ...rest }) || content?.bytes === WORDS.length).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('any text is a manifest or says what is wrong', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseManifest(text);
      expect(typeof parsed === 'string' || Array.isArray(parsed)).toBe(true);
    }),
  );
});
