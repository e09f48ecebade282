import type { Files } from '../host/files.ts';
import { canonicalPath, isBelow } from '../host/inside.ts';
import type { SettingsPlace } from './files.ts';
import { DOCTOR_KEYS } from './keys.ts';
import type { SettingKey, SettingValue } from './keys.ts';

/** A file whose words count only as far as {@link SettingKey.projectMay} goes. */
export interface Untrusted {
  readonly place: SettingsPlace;
  readonly files: Pick<Files, 'look' | 'realpath'>;
}

/** What counts of a value that a project's file says without being trusted: all of it, a part, or nothing. */
export function withoutTrust(
  key: SettingKey,
  value: SettingValue,
  { place, files }: Untrusted,
): SettingValue | undefined {
  switch (key.projectMay) {
    case 'free':
      return value;
    case 'trusted':
      return undefined;
    case 'inside':
      // An anchor is relative by its pattern.
      if (key !== DOCTOR_KEYS.baseline) return value;
      return staysInside(String(value), place.root, files) && !isNoFile(String(value), files)
        ? value
        : undefined;
    case 'without_files': {
      const all = value as readonly string[];
      const names = all.filter((each) => !each.includes('='));
      if (names.length === all.length) return value;
      return names.length > 0 ? names : undefined;
    }
  }
}

/** Whether a path leads to a place below a folder, also where a link inside of it may lead out. */
const staysInside = (path: string, folder: string, files: Untrusted['files']): boolean =>
  isBelow(path, folder) && isBelow(canonicalPath(path, files), canonicalPath(folder, files));

/** A pipe of a project would be waited for without an end. */
function isNoFile(path: string, files: Pick<Files, 'look'>): boolean {
  const seen = files.look(path);
  return seen.kind === 'found' && seen.type !== 'file';
}
