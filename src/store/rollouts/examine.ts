import { setTimeout } from 'node:timers/promises';
import type { Files } from '../../host/files.ts';
import { withoutBase } from './bases.ts';
import type { Continued } from './bases.ts';
import { readContent } from './content.ts';
import type { ContentRead } from './content.ts';
import { lengthOf, locate } from './files.ts';
import type { RolloutFile, RolloutList } from './files.ts';
import { parseRolloutName } from './name.ts';
import { selectSample } from './select.ts';
import { closeTally, createTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { describe } from './walk.ts';

/** Everything that can be wrong with the content of a session file. */
export const CONTENT_FAULTS = [
  'not_json',
  'nul_bytes',
  'invalid_utf8',
  'not_a_record',
  'too_long',
  'unfinished',
  'empty',
  'no_session_meta',
  'id_mismatch',
  'base_missing',
  'unpack',
  'unreadable',
] as const;
export type ContentFault = (typeof CONTENT_FAULTS)[number];

export interface ContentFindings {
  readonly files: number;
  readonly examined: number;
  /** How many of those were read from end to end. */
  readonly whole: number;
  readonly bytesRead: number;
  /** Files with that fault, each with the place of the first one. */
  readonly faults: Readonly<Record<ContentFault, Tally>>;
  readonly oldFormat: number;
  /** Unfinished or empty, and written on since the folder was listed. */
  readonly beingWritten: number;
  readonly complete: boolean;
}

interface ExamineOptions {
  /** Read every file from end to end. */
  readonly everything: boolean;
  readonly signal: AbortSignal;
}

/**
 * With avg. 1.7 MB per session a home of 1,500 holds 2.5 GB: a default run cannot read it. These limits cost some 40 ms and
 * still read a home of a few dozen ordinary sessions from end to end.
 */
const LIMITS = { newest: 32, spread: 16, endBytes: 32 * 1024, totalBytes: 4 * 1024 * 1024 };
/** A record is one write; a writer that has not finished it by then is not writing. */
const SETTLE_MS = 100;

/** Checks the content of session files, a sample or all. Never throws; ends early when the signal aborts. */
export async function examineContents(
  files: Files,
  home: string,
  lists: readonly RolloutList[],
  { everything, signal }: ExamineOptions,
): Promise<ContentFindings> {
  const chosen = everything ? allOf(lists) : sampleOf(lists);
  const tallies = Object.fromEntries(CONTENT_FAULTS.map((fault) => [fault, createTally()])) as Record<
    ContentFault,
    ReturnType<typeof createTally>
  >;
  const unsettled: { rollout: RolloutFile; fault: 'unfinished' | 'empty'; where: string }[] = [];
  const continued: Continued[] = [];
  let examined = 0;
  let whole = 0;
  let bytesRead = 0;
  let oldFormat = 0;

  for (const { rollout, extent } of chosen) {
    const place = `${rollout.folder}/${rollout.name}`;
    const content = await readContent(files, `${home}/${place}`, {
      extent: extent === 'whole' ? 'whole' : { endBytes: LIMITS.endBytes },
      signal,
    });
    if (signal.aborted) break;
    // Archived, compressed or deleted since the folder was listed.
    if (content.kind === 'missing') continue;
    examined += 1;
    if (content.kind === 'read') {
      bytesRead += content.bytesRead;
      if (content.whole) whole += 1;
      const { first } = content;
      if (first.kind === 'old_format') oldFormat += 1;
      if (first.kind === 'session_meta' && first.meta.historyBase)
        continued.push({ place, base: first.meta.historyBase, id: first.meta.id });
    }
    for (const { fault, where } of faultsOf(content, rollout.name)) {
      if (fault === 'unfinished' || fault === 'empty') unsettled.push({ rollout, fault, where });
      else tallies[fault].add(`${place}${where}`);
    }
  }

  for (const { place, base } of withoutBase(continued, lists))
    tallies.base_missing.add(`${place} (continues ${base.threadId})`);

  let beingWritten = 0;
  if (unsettled.length > 0 && !signal.aborted)
    await setTimeout(SETTLE_MS, undefined, { signal }).catch(() => {});
  for (const { rollout, fault, where } of unsettled) {
    const place = `${rollout.folder}/${rollout.name}`;
    const now = files.look(`${home}/${place}`);
    const isStill =
      now.kind === 'found' && now.size === rollout.bytes && now.modifiedAtMs === rollout.modifiedAtMs;
    if (isStill) tallies[fault].add(`${place}${where}`);
    else beingWritten += 1;
  }
  return {
    files: lengthOf(lists),
    examined,
    whole,
    bytesRead,
    faults: Object.fromEntries(CONTENT_FAULTS.map((fault) => [fault, closeTally(tallies[fault])])) as Record<
      ContentFault,
      Tally
    >,
    oldFormat,
    beingWritten,
    complete: !signal.aborted,
  };
}

interface Chosen {
  readonly rollout: RolloutFile;
  readonly extent: 'whole' | 'ends';
}

function* allOf(lists: readonly RolloutList[]): Generator<Chosen> {
  for (const list of lists) for (const rollout of list) yield { rollout, extent: 'whole' };
}

function* sampleOf(lists: readonly RolloutList[]): Generator<Chosen> {
  const bytesOf = (number: number): number => {
    const place = locate(lists, number);
    return place?.list.bytesAt(place.index) ?? 0;
  };
  for (const { index, extent } of selectSample({ length: lengthOf(lists), at: bytesOf }, LIMITS)) {
    const place = locate(lists, index);
    const rollout = place?.list.at(place.index);
    if (rollout) yield { rollout, extent };
  }
}

/** At most one of each kind per file, with the place inside it. */
function faultsOf(content: ContentRead, name: string): { fault: ContentFault; where: string }[] {
  if (content.kind === 'missing') return [];
  if (content.kind === 'empty') return [{ fault: 'empty', where: '' }];
  if (content.kind === 'unpack')
    return [{ fault: 'unpack', where: content.truncated ? ' (end is missing)' : ` (${content.code})` }];
  if (content.kind !== 'read') return [{ fault: 'unreadable', where: `: ${describe(content)}` }];
  const found = new Map<ContentFault, string>();
  for (const { kind, line, offset } of content.faults)
    if (!found.has(kind)) found.set(kind, placeOf(line, offset));
  if (content.unfinished)
    found.set('unfinished', placeOf(content.unfinished.line, content.unfinished.offset));
  const { first } = content;
  const named = parseRolloutName(name);
  // Where damage hides the first record, the damage is what there is to say.
  if (first.kind === 'other' || (first.kind === 'none' && found.size === 0)) found.set('no_session_meta', '');
  if (first.kind === 'session_meta' && named.kind === 'rollout' && first.meta.id !== named.threadId)
    found.set('id_mismatch', ` (holds ${first.meta.id})`);
  return [...found].map(([fault, where]) => ({ fault, where }));
}

const placeOf = (line: number | undefined, offset: number): string =>
  line === undefined ? ` byte ${offset}` : ` line ${line}`;
