import { basename, join } from 'node:path';
import type { Files } from '../host/files.ts';
import { BUNDLE } from '../trace/event/bundle-files.ts';
import { SourceFault } from './item.ts';
import type { Omission, SourceItem } from './item.ts';
import { readSourceFile } from './source-file.ts';
import { fileItem } from './source-items.ts';
import type { FoundItems } from './source-items.ts';

/** More payload files than a long session has. */
const MAX_PAYLOADS = 10_000;
/** A third of what Sentry unpacks of one envelope, so that what redaction adds fits too. */
const MAX_PACK_BYTES = 32 * 1024 * 1024;

/**
 * The files of a rollout trace (spec/observability.md 5). Its payloads, of which a session has hundreds, become the lines of
 * one file, or of several where one would be larger than a receiver takes.
 */
export function traceItems(folder: string, files: Files): FoundItems {
  const listed = files.list(join(folder, BUNDLE.payloads), { maxEntries: MAX_PAYLOADS });
  const payloads = (listed.kind === 'read' ? listed.entries : [])
    .filter(({ name, type }) => type === 'file' && /^\d+\.json$/.test(name))
    .map(({ name }) => `${BUNDLE.payloads}/${name}`)
    .toSorted((one, other) => numberOf(one) - numberOf(other));
  const whole = (
    [
      [BUNDLE.manifest, 'trace-manifest.json'],
      [BUNDLE.eventLog, 'trace.jsonl'],
      [BUNDLE.state, 'trace-state.json'],
    ] as const
  ).flatMap(([file, name]) => {
    const path = join(folder, file);
    return files.look(path).kind === 'found' ? [fileItem('trace', path, name)] : [];
  });
  const sized = payloads.flatMap((file): Payload[] => {
    const look = files.look(join(folder, file));
    return look.kind === 'found' ? [{ file, bytes: look.size }] : [];
  });
  const packs = packsOf(sized);
  const items = [
    ...whole,
    ...packs.map((pack, index) => packItem(folder, pack, packs.length === 1 ? undefined : index + 1)),
  ];
  const omit = (reason: string): Omission => ({ kind: 'trace', name: basename(folder), reason });
  return {
    items,
    omitted: [
      ...(items.length === 0 ? [omit('there is no trace in this folder')] : []),
      ...(listed.kind === 'read' && listed.truncated
        ? [omit(`only the first ${MAX_PAYLOADS} payloads are taken`)]
        : []),
    ],
  };
}

const numberOf = (path: string): number => Number.parseInt(basename(path), 10);

interface Payload {
  /** Relative to the bundle, as its events name it. */
  readonly file: string;
  readonly bytes: number;
}

/** In their order, each pack as large as may be. A payload that is larger stands alone. */
function packsOf(payloads: readonly Payload[]): readonly (readonly string[])[] {
  const packs: string[][] = [];
  let bytes = Infinity;
  for (const payload of payloads) {
    if (bytes + payload.bytes > MAX_PACK_BYTES) {
      packs.push([]);
      bytes = 0;
    }
    packs.at(-1)?.push(payload.file);
    bytes += payload.bytes;
  }
  return packs;
}

const packItem = (folder: string, pack: readonly string[], number: number | undefined): SourceItem => ({
  kind: 'trace',
  name: number === undefined ? 'trace-payloads.jsonl' : `trace-payloads-${number}.jsonl`,
  contentType: 'text/plain',
  format: 'jsonl',
  open: () => linesOf(folder, pack),
});

/** `{"path":"payloads/1.json","payload":{…}}`; a payload that cannot be read to its end is followed by a line that says so. */
async function* linesOf(folder: string, pack: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of pack) {
    const path = JSON.stringify(file);
    yield Buffer.from(`{"path":${path},"payload":`);
    try {
      for await (const piece of readSourceFile(join(folder, file))) yield onOneLine(piece);
      yield Buffer.from('}\n');
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      yield Buffer.from(`null}\n{"path":${path},"cutShort":${JSON.stringify(error.message)}}\n`);
    }
  }
}

const [LINE_FEED, RETURN, SPACE] = [0x0a, 0x0d, 0x20];

/** In JSON a line break is white space, wherever it stands: in strings it is written out. */
const onOneLine = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte === LINE_FEED || byte === RETURN ? SPACE : byte));
