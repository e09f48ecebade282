import { DOCTOR_KEYS } from './keys.ts';
import type { SettingKey, SettingValue } from './keys.ts';
import { DEFAULT_SOURCE } from './read-settings.ts';
import type { DoctorSettingName, DoctorSettings, Setting, Settings } from './settings.ts';

/** What the command line says. An option that was not given is absent or undefined; an empty list says nothing. */
export type DoctorFlags = { readonly [Name in DoctorSettingName]?: DoctorSettings[Name] | undefined };

type WithoutDefault = 'baseline' | 'anchorFile';

/** Every setting as it counts, and who says so. */
export type EffectiveDoctorSettings = {
  readonly [Name in Exclude<DoctorSettingName, WithoutDefault>]: Setting<DoctorSettings[Name]>;
} & { readonly [Name in WithoutDefault]?: Setting<DoctorSettings[Name]> };

/** The first that says something decides: flag, environment, project, user, default. Lists are not joined. */
export function effectiveDoctorSettings(
  { doctor }: Pick<Settings, 'doctor'>,
  flags: DoctorFlags,
): EffectiveDoctorSettings {
  const entries = Object.entries(DOCTOR_KEYS).flatMap(([name, key]) => {
    const found = fromFlag(key, flags[name as DoctorSettingName]) ?? doctor[name as DoctorSettingName];
    if (found) return [[name, found]];
    return key.default === undefined ? [] : [[name, { value: key.default, source: DEFAULT_SOURCE }]];
  });
  return Object.fromEntries(entries) as EffectiveDoctorSettings;
}

function fromFlag(key: SettingKey, value: SettingValue | undefined): Setting<SettingValue> | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return { value, source: { kind: 'flag', where: key.option ?? '' } };
}
