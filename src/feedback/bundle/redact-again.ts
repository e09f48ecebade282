import { createRedactor } from '../../redact/redactor.ts';
import type { RedactorOptions } from '../../redact/redactor.ts';
import { hiddenSince } from '../hidden-since.ts';
import { SourceFault } from '../item.ts';
import type { Omission, SourceItem, StagedItem } from '../item.ts';
import { formatOf } from '../source-items.ts';
import { stageItem } from '../stage.ts';
import { createStagingFolder } from '../staging-folder.ts';
import type { InspectedBundle } from './inspect.ts';
import type { BundleEntry } from './read.ts';
import { writeBundle } from './write.ts';

/** What redacting a bundle again did. */
export interface RedactedAgain {
  /** Each attachment, with what was hidden in it now. */
  readonly items: readonly (Pick<StagedItem, 'name' | 'bytes' | 'bytesBefore' | 'hidden'> & {
    readonly isChanged: boolean;
  })[];
  readonly hiddenInReport: StagedItem['hidden'];
  /** Attachments that could not be unpacked, and are not in the new bundle. */
  readonly omitted: readonly Omission[];
}

/**
 * Makes a new bundle of an old one, redacted with the rules of today. What was hidden before stays hidden.
 * @throws what `writeBundle` throws
 */
export async function redactBundle(
  { attachments, report, manifest }: InspectedBundle,
  path: string,
  {
    redaction,
    version,
    signal,
  }: {
    readonly redaction: RedactorOptions;
    readonly version: string;
    readonly signal: AbortSignal;
  },
): Promise<RedactedAgain> {
  const described = new Map(manifest.map((entry) => [entry.entry, entry]));
  const redactor = createRedactor(redaction);
  const folder = createStagingFolder();
  try {
    const staged: StagedItem[] = [];
    const items: RedactedAgain['items'][number][] = [];
    const omitted: Omission[] = [];
    for (const entry of attachments) {
      const { sha256, contentType = 'text/plain' } = described.get(entry.name) ?? {};
      const source: SourceItem = {
        kind: 'files',
        name: entry.name.slice(entry.name.lastIndexOf('/') + 1),
        contentType,
        format: formatOf(entry.name),
        open: () => unpacked(entry),
      };
      // oxlint-disable-next-line no-await-in-loop -- one stream at a time keeps memory flat
      const made = await stageItem(source, folder.newFile(), { redactor, signal });
      if (made.kind === 'omitted') omitted.push(made.omission);
      else {
        const { item } = made;
        staged.push(item);
        const { name, bytes, bytesBefore, hidden } = item;
        const isChanged = sha256 === undefined ? hidden.length > 0 : sha256 !== item.sha256;
        items.push({ name, bytes, bytesBefore, hidden, isChanged });
      }
    }
    const before = redactor.ledger();
    const clean = redactor.value(report);
    const hiddenInReport = hiddenSince(before, redactor.ledger());
    await writeBundle(path, { report: clean, items: staged, hiddenInReport, redactedBy: version, signal });
    return { items, hiddenInReport, omitted };
  } finally {
    folder.remove();
  }
}

async function* unpacked(entry: BundleEntry): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of await entry.open()) yield piece as Uint8Array;
  } catch (error) {
    throw new SourceFault(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
