import type { Files, PathFault } from '../../host/files.ts';
import { isVersion } from './version.ts';

/** What the agent remembers of its last look for a newer version. */
export type VersionCache =
  | {
      readonly kind: 'read';
      readonly latest: string | undefined;
      /** RFC 3339. */
      readonly lastCheckedAt: string | undefined;
      readonly dismissed: string | undefined;
      /** Fields that are absent or of a wrong type, each as part of a sentence. */
      readonly faults: readonly string[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | {
      readonly kind: 'unreadable';
      readonly class: 'wrong_type' | 'permissions' | 'unreadable' | 'stale';
      readonly reason: string;
    };

/** The file holds three short fields. */
const MAX_CACHE_BYTES = 64 * 1024;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u;

export function readVersionCache(path: string, files: Files): VersionCache {
  const read = files.readText(path, { maxBytes: MAX_CACHE_BYTES });
  if (read.kind === 'wrong_type')
    return { kind: 'unreadable', class: 'wrong_type', reason: `is a ${read.type}, not a file` };
  if (read.kind !== 'read') return faultOf(read);
  if (read.truncated) return { kind: 'malformed', reason: `is larger than ${MAX_CACHE_BYTES} bytes` };
  if (!read.validUtf8) return { kind: 'malformed', reason: 'is not UTF-8 text' };
  if (read.text.trim() === '') return { kind: 'malformed', reason: 'is empty' };
  try {
    return cacheOf(JSON.parse(read.text));
  } catch {
    return { kind: 'malformed', reason: 'is not valid JSON' };
  }
}

function cacheOf(value: unknown): VersionCache {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'malformed', reason: 'holds no JSON object' };
  const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
  const faults: string[] = [];
  const take = (name: string, wanted: string, isRight: (text: string) => boolean): string | undefined => {
    const field = fields.get(name);
    if (typeof field === 'string' && isRight(field)) return field;
    // The agent writes null, or nothing, for a version that was never dismissed.
    const mayBeAbsent = name === 'dismissed_version' && (field === undefined || field === null);
    if (!mayBeAbsent) faults.push(field === undefined ? `${name} is absent` : `${name} is not ${wanted}`);
    return undefined;
  };
  return {
    kind: 'read',
    latest: take('latest_version', 'a version', isVersion),
    lastCheckedAt: take('last_checked_at', 'an RFC 3339 time', isTime),
    dismissed: take('dismissed_version', 'a version', isVersion),
    faults,
  };
}

const isTime = (text: string): boolean => TIME.test(text) && !Number.isNaN(Date.parse(text));

function faultOf(fault: PathFault): VersionCache {
  switch (fault.kind) {
    case 'missing':
      return { kind: 'missing' };
    case 'dangling':
      return { kind: 'unreadable', class: 'stale', reason: 'is a link to a file that does not exist' };
    case 'loop':
      return { kind: 'unreadable', class: 'stale', reason: 'is a link that leads back to itself' };
    case 'denied':
      return {
        kind: 'unreadable',
        class: 'permissions',
        reason: `may not be read by this user (${fault.code})`,
      };
    case 'failed':
      return { kind: 'unreadable', class: 'unreadable', reason: `cannot be read (${fault.code})` };
  }
}
