import { basename, extname, resolve } from 'node:path';
import type { Files } from '../host/files.ts';
import type { ItemKind, Omission, SourceItem } from './item.ts';
import type { RedactionFormat } from '../redact/stream.ts';
import { readSourceFile } from './source-file.ts';

/** An item whose bytes are at hand. */
export function textItem(item: Omit<SourceItem, 'open'>, content: string | Uint8Array): SourceItem {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    ...item,
    async *open() {
      await Promise.resolve();
      yield bytes;
    },
  };
}

/** An item that stands in a file. A compressed one goes out unpacked, under the name without `.zst`. */
export function fileItem(kind: ItemKind, path: string, name: string = basename(path)): SourceItem {
  const plain = name.endsWith('.zst') ? name.slice(0, -'.zst'.length) : name;
  const format = formatOf(plain);
  return {
    kind,
    name: plain,
    contentType: format === 'json' ? 'application/json' : 'text/plain',
    format,
    open: () => readSourceFile(path),
  };
}

/** How a file of this name is redacted. */
export function formatOf(name: string): RedactionFormat {
  const extension = extname(name).toLowerCase();
  return extension === '.jsonl' ? 'jsonl' : extension === '.json' ? 'json' : 'text';
}

export interface FoundItems {
  readonly items: readonly SourceItem[];
  readonly omitted: readonly Omission[];
}

/** Files that the user named, each once. What is no text is left out: nobody can say what a picture gives away. */
export function extraItems(
  paths: readonly string[],
  { files, cwd }: { files: Files; cwd: string },
): FoundItems {
  const items = new Map<string, SourceItem>();
  const omitted: Omission[] = [];
  for (const given of paths) {
    const named = resolve(cwd, given);
    const path = files.realpath(named) ?? named;
    if (items.has(path)) continue;
    const head = files.readBytes(path, { maxBytes: SNIFFED_BYTES });
    const reason =
      head.kind === 'read'
        ? isBinary(head.bytes)
          ? 'it is no text, and cannot be redacted'
          : undefined
        : head.kind === 'wrong_type'
          ? `it is a ${head.type}`
          : head.kind;
    if (reason === undefined) items.set(path, fileItem('files', path, basename(named)));
    else omitted.push({ kind: 'files', name: basename(named), reason });
  }
  return { items: [...items.values()], omitted };
}

const SNIFFED_BYTES = 8 * 1024;
/** Text of UTF-16 has a zero in most characters, at the same side of each. */
const MOSTLY = 0.4;

function isBinary(bytes: Uint8Array): boolean {
  let [even, odd] = [0, 0];
  for (let index = 0; index < bytes.length; index += 1)
    if (bytes[index] === 0) {
      even += 1 - (index % 2);
      odd += index % 2;
    }
  if (even + odd === 0) return false;
  return Math.max(even, odd) < (bytes.length / 2) * MOSTLY;
}
