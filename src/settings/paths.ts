import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Files } from '../host/files.ts';
import { DOCTOR_KEYS } from './keys.ts';
import type { SettingKey, SettingValue } from './keys.ts';

/** The value with its relative paths made absolute: they are meant from where they are written. */
export function resolvePaths(key: SettingKey, value: SettingValue, folder: string): SettingValue {
  if (key === DOCTOR_KEYS.baseline && typeof value === 'string') return resolve(folder, value);
  if (key !== DOCTOR_KEYS.format || typeof value !== 'object') return value;
  return value.map((each) => {
    const [, name, file] = /^([^=]+)=(.+)$/s.exec(each) ?? [];
    // `-` is standard output.
    return file === undefined || file === '-' ? each : `${name}=${resolve(folder, file)}`;
  });
}

/** Whether a path leads to a place below a folder, also where a link inside of it may lead out. */
export function isInside(path: string, folder: string, files: Pick<Files, 'realpath'>): boolean {
  if (!isBelow(path, folder)) return false;
  const real = files.realpath(path);
  return real === undefined || isBelow(real, files.realpath(folder) ?? folder);
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
