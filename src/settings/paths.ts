import { resolve } from 'node:path';
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
