import type { Redactor } from '../../redact/redactor.ts';
import type { EffectiveDoctorSettings } from '../../settings/effective.ts';
import { effectiveDoctorSettings } from '../../settings/effective.ts';
import {
  DOCTOR_KEYS,
  HISTORY_ENABLED_KEY,
  HISTORY_KEEP_KEY,
  pathOf,
  PLUGINS_KEY,
} from '../../settings/keys.ts';
import type { SettingKey, SettingValue } from '../../settings/keys.ts';
import { DEFAULT_SOURCE } from '../../settings/read-settings.ts';
import type { DoctorSettingName, Settings, SourceKind } from '../../settings/settings.ts';

interface ShownSource {
  readonly kind: SourceKind;
  readonly where: string;
}

/** Everything that `stethos config` tells, as data; `--json` prints it as it is. */
export interface ConfigView {
  readonly schemaVersion: 1;
  readonly keys: readonly {
    readonly key: string;
    /** Null where nothing is set. */
    readonly value: SettingValue | null;
    readonly source: ShownSource;
    readonly variable: string;
  }[];
  readonly waivers: readonly {
    readonly check: string;
    readonly class?: string;
    readonly reason: string;
    readonly expires: string;
    /** 0 on the last day; negative where it is over. */
    readonly daysLeft: number;
    readonly source: string;
  }[];
  readonly plugins: readonly {
    readonly specifier: string;
    readonly from: string;
    readonly source: ShownSource;
  }[];
  readonly checks: readonly { readonly id: string | null; readonly source: ShownSource }[];
  /** What the project's file says and what does not count without trust. */
  readonly untrusted: readonly string[];
  readonly files: readonly ShownFile[];
}

export interface ShownFile {
  readonly kind: 'project' | 'user';
  readonly path: string;
  readonly exists: boolean;
}

/** Pure. @param today such as `2026-11-20`, in UTC */
export function configView(settings: Settings, files: readonly ShownFile[], today: string): ConfigView {
  const effective: Partial<EffectiveDoctorSettings> = effectiveDoctorSettings(settings, {});
  const { plugins, history } = settings;
  return {
    schemaVersion: 1,
    keys: [
      ...Object.entries(DOCTOR_KEYS).map(([name, key]) => rowOf(key, effective[name as DoctorSettingName])),
      rowOf(PLUGINS_KEY, {
        value: plugins.map(({ specifier }) => specifier),
        source: plugins[0]?.source ?? DEFAULT_SOURCE,
      }),
      rowOf(HISTORY_ENABLED_KEY, history.enabled),
      rowOf(HISTORY_KEEP_KEY, history.keep),
    ],
    waivers: settings.waivers.map(({ check, failureClass, reason, expires, source }) => ({
      check,
      ...(failureClass && { class: failureClass }),
      reason,
      expires,
      daysLeft: daysFrom(today, expires),
      source,
    })),
    plugins: plugins.map(({ specifier, from, source }) => ({ specifier, from, source })),
    checks: settings.checks.map(({ table, source }) => ({
      id: typeof table['id'] === 'string' ? table['id'] : null,
      source,
    })),
    untrusted: settings.untrusted,
    files,
  };
}

const DAY_MS = 24 * 60 * 60 * 1_000;

const daysFrom = (today: string, day: string): number => (Date.parse(day) - Date.parse(today)) / DAY_MS;

const rowOf = (
  key: SettingKey,
  setting: { readonly value: SettingValue; readonly source: ShownSource } | undefined,
): ConfigView['keys'][number] => ({
  key: pathOf(key),
  value: setting?.value ?? null,
  source: setting?.source ?? DEFAULT_SOURCE,
  variable: key.variable,
});

/** Names of keys and kinds are words of ours, whatever the user is called. */
export function redactedView(view: ConfigView, redactor: Redactor): ConfigView {
  const clean = redactor.value(view);
  return {
    ...clean,
    keys: clean.keys.map((row, index) => {
      const { key, variable, source } = view.keys[index] ?? row;
      return { ...row, key, variable, source: { ...row.source, kind: source.kind } };
    }),
    files: redactedFiles(view.files, redactor),
  };
}

export const redactedFiles = (files: readonly ShownFile[], redactor: Redactor): readonly ShownFile[] =>
  files.map(({ path, ...more }) => ({ ...more, path: redactor.text(path) }));
