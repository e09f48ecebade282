import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleFolder, faultOf, verified, written } from '../../../fixtures/bundles.ts';
import { zip } from '../../../fixtures/raw-zip.ts';
import type { RawEntry } from '../../../fixtures/raw-zip.ts';
import { BundleFault } from './fault.ts';
import { parseManifest } from './manifest.ts';
import { isSound } from './verify.ts';
import type { Verification } from './verify.ts';

/* Archives as nobody who means well writes them. */

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
  expect(await faultOf(zip(bundleFolder(), entries))).toMatch(words);
});

test('a size that is not true ends the reading of that entry, and is told', async () => {
  const path = zip(bundleFolder(), [
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
  const place = bundleFolder();
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
