import { MAX_TAG_VALUE_LENGTH } from '../telemetry/sentry/limits.ts';
import { shortened } from '../telemetry/sentry/shorten.ts';

/** Where the tags of a report come from, the strongest first (spec/observability.md 6). */
export interface TagSources {
  /** `thread_id`, `classification`, `cli_version`, `session_source`, `reason`: nobody else can say these. */
  readonly reserved: Readonly<Record<string, string | undefined>>;
  /** What the user or the embedding program says. */
  readonly client: Readonly<Record<string, string>>;
  readonly doctor: Readonly<Record<string, string>>;
  /** What the agent had logged for this purpose. */
  readonly snapshot: Readonly<Record<string, string>>;
}

const RESERVED: ReadonlySet<string> = new Set([
  'thread_id',
  'classification',
  'cli_version',
  'session_source',
  'reason',
]);

/** Of a name, as Sentry takes it. */
const MAX_NAME_LENGTH = 200;
/** 0.169 was seen to send 279. */
const MAX_TAGS = 1_000;
const NAME = /^[\w.:-]+$/;

/**
 * Puts the tags together. A weaker source never overwrites a stronger one, and nobody can say a reserved tag, even one that
 * is not set. Empty values mean "not known" and are left out; the result is sorted by name.
 */
export function mergeTags({ reserved, client, doctor, snapshot }: TagSources): Record<string, string> {
  const merged = new Map<string, string>();
  for (const source of [reserved, client, doctor, snapshot])
    for (const [name, value] of Object.entries(source)) {
      const isTaken = merged.has(name) || (source !== reserved && RESERVED.has(name));
      if (isTaken || value === undefined || !isTagName(name) || merged.size >= MAX_TAGS) continue;
      merged.set(name, clean(value));
    }
  const known = [...merged].filter(([, value]) => value !== '');
  return Object.fromEntries(known.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether Sentry takes a tag of this name. */
export const isTagName = (name: string): boolean => name.length <= MAX_NAME_LENGTH && NAME.test(name);

/** One line, short enough. */
const clean = (value: string): string =>
  shortened(value.trim().replaceAll(/\s+/g, ' '), MAX_TAG_VALUE_LENGTH);
