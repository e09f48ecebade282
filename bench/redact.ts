/*
 * What the border costs and what it holds back. Speed as ratios in one run: our redactor against secretlint's recommended
 * preset, on the same texts; text at once, and bytes through a stream without the digest of them, which is told apart. One
 * redactor for all rounds, as for all streams of a bundle. Recall: planted secrets that leave, look-alikes that do not survive, beside the preset's count.
 * Memory: a gigabyte through a stream. Run with `node bench/redact.ts`; `--quick` leaves the gigabyte out.
 */
import { createHash } from 'node:crypto';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { redactCorpus } from '../fixtures/redaction-corpus.ts';
import { createRedactor } from '../src/redact/redactor.ts';
import type { Redactor } from '../src/redact/redactor.ts';
import { redactStream } from '../src/redact/stream.ts';
import type { RedactionFormat } from '../src/redact/stream.ts';
import { redactionTexts } from './redaction-texts.ts';

const ROUNDS = 7;
const PLANTED = 2_000;
const MEGABYTE = 1_000_000;
const GIGABYTE = 1_000 * MEGABYTE;
const MEBIBYTE = 1_024 * 1_024;

async function reported(content: string): Promise<number> {
  const { messages } = await lintSource({
    source: { content, filePath: 'bench.txt', ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages.length;
}

const options = { userDirectory: '/home/ann', userName: 'annika', hostName: 'workbench' };

// oxlint-disable-next-line require-await -- a source is asynchronous
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function drained(
  source: AsyncIterable<Uint8Array>,
  stream: { readonly redactor: Redactor; readonly format: RedactionFormat },
): Promise<void> {
  const { output } = redactStream(source, stream);
  for await (const chunk of output) if (chunk.length === 0) throw new Error('an empty piece');
}

/** Of the processor, so that whatever else this machine does counts little. */
async function milliseconds(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The shortest time of each, measured in turns. */
async function best<Name extends string>(
  runs: Readonly<Record<Name, () => unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(runs) as Name[];
  const shortest = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of names)
      // oxlint-disable-next-line no-await-in-loop -- rounds must not run side by side
      shortest[name] = Math.min(shortest[name], await milliseconds(runs[name]));
  return shortest;
}

/** Every stream tells the digest of what came out, which is no part of redaction. */
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

console.log('speed: milliseconds of processor time for a megabyte, and how many times as fast as the preset');
const total = { preset: 0, text: 0, stream: 0, hash: 0 };
for (const { name, text, format } of await redactionTexts()) {
  const bytes = Buffer.from(text);
  const redactor = createRedactor(options);
  // oxlint-disable-next-line no-await-in-loop -- measured one after the other
  const times = await best({
    preset: () => reported(text),
    text: () => redactor.text(text),
    stream: () => drained(once(bytes), { redactor, format }),
    hash: () => digest(bytes),
  });
  const each = (time: number): string => ((time * MEGABYTE) / bytes.length).toFixed(1).padStart(6);
  const ratio = (time: number): string => `${(times.preset / time).toFixed(1)}x`.padStart(6);
  total.preset += times.preset;
  total.text += times.text;
  total.stream += times.stream;
  total.hash += times.hash;
  const stream = times.stream - times.hash;
  console.log(
    `  ${name.padEnd(34)} preset ${each(times.preset)}  text ${each(times.text)} ${ratio(times.text)}` +
      `  stream ${each(stream)} ${ratio(stream)}  hash ${each(times.hash)}`,
  );
}
console.log(
  `  all together: text ${(total.preset / total.text).toFixed(1)}x, ` +
    `stream ${(total.preset / (total.stream - total.hash)).toFixed(1)}x`,
);

const { planted, left, foundAgain, lookAlikes, changed } = await redactCorpus(PLANTED);
let byPreset = 0;
// oxlint-disable-next-line no-await-in-loop -- one after the other
for (const { text } of planted) if ((await reported(text)) > 0) byPreset += 1;
let blamed = 0;
// oxlint-disable-next-line no-await-in-loop -- one after the other
for (const { text } of lookAlikes) if ((await reported(text)) > 0) blamed += 1;
const kinds = new Set(planted.map(({ kind }) => kind)).size;
console.log(
  `planted secrets: ${planted.length} of ${kinds} kinds; ${left.length} leave; found by a second look: ${foundAgain.length}`,
);
console.log(`  the preset reports ${byPreset} of them (${((byPreset / planted.length) * 100).toFixed(1)} %)`);
console.log(
  `look-alikes: ${lookAlikes.length}; ${lookAlikes.length - changed.length} survive; the preset reports ${blamed}`,
);
for (const { kind, setting, encoding } of left) console.log(`  leaves: ${kind}, ${encoding}, ${setting}`);
for (const { kind, text } of changed) console.log(`  changed: ${kind}: ${text}`);
if (left.length > 0 || changed.length > 0 || foundAgain.length > 0) process.exitCode = 1;

/** The same bytes over and over, in one line without an end where there is no line end in them. */
// oxlint-disable-next-line require-await -- a source is asynchronous
async function* repeated(bytes: Uint8Array, length: number, tell: () => void): AsyncGenerator<Uint8Array> {
  for (let given = 0; given < length; given += bytes.length) {
    tell();
    yield bytes;
  }
}

if (!process.argv.includes('--quick')) {
  console.log('memory: a gigabyte through a stream');
  const lines = (await redactionTexts()).find(({ format }) => format === 'jsonl');
  const cases: readonly [string, string, RedactionFormat][] = [
    ['rollout lines', lines?.text ?? '', 'jsonl'],
    ['one line', 'no end in sight, '.repeat(4_000), 'text'],
  ];
  for (const [name, text, format] of cases) {
    const bytes = Buffer.from(text);
    const before = process.memoryUsage.rss();
    let peak = before;
    const tell = (): void => {
      peak = Math.max(peak, process.memoryUsage.rss());
    };
    // oxlint-disable-next-line no-await-in-loop -- measured one after the other
    const time = await milliseconds(() =>
      drained(repeated(bytes, GIGABYTE, tell), { redactor: createRedactor(options), format }),
    );
    console.log(
      `  ${name}: at most ${((peak - before) / MEBIBYTE).toFixed(0)} MiB more than before, ${(time / 1_000).toFixed(1)} s`,
    );
  }
}
