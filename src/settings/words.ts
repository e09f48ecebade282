import type { Note } from '../doctor/report.ts';
import type { EffectiveDoctorSettings } from './effective.ts';
import type { Settings, SettingsFault, Setting } from './settings.ts';

/** `stethos.toml:3:1: doctor.fail_on is "wran"; known are warn, fail, never. Did you mean "warn"?` */
export function faultText({ path, line, column, problem, suggestion }: SettingsFault): string {
  const place = line === undefined ? path : `${path}:${line}:${column ?? 1}`;
  // A variable names itself.
  const about = problem.startsWith(`${path} `) ? '' : `${place}: `;
  return `${about}${problem}.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`;
}

/** Stands where notes name a check. */
const CHECK = 'settings';
/** A note is a line; the whole list is in `stethos config`. */
const MOST_NAMED = 8;

/**
 * What settings other than the command line leave out of the examination or the gate: nobody who reads the report should
 * take silence for health.
 */
export function settingsNotes(
  { untrusted }: Pick<Settings, 'untrusted'>,
  {
    only,
    skip,
    offline,
    noExec,
    failOn,
  }: Pick<EffectiveDoctorSettings, 'only' | 'skip' | 'offline' | 'noExec' | 'failOn'>,
): readonly Note[] {
  const texts = [
    ...said(only, (ids) => (ids.length > 0 ? `only ${listed(ids)} is examined` : undefined)),
    ...said(skip, (ids) => (ids.length > 0 ? `${listed(ids)} is left out` : undefined)),
    ...said(offline, (isOn) => (isOn ? 'no other machine is asked' : undefined)),
    ...said(noExec, (isOn) => (isOn ? 'no helper program is run' : undefined)),
    ...said(failOn, (value) => (value === 'never' ? 'no finding makes the exit code 1' : undefined)),
    ...(untrusted.length > 0
      ? [`the project's stethos.toml says ${listed(untrusted)}, which counts with --trust-project alone`]
      : []),
  ];
  return texts.map((text) => ({ kind: 'info', check: CHECK, text }));
}

function said<Value>(
  { value, source }: Setting<Value>,
  words: (value: Value) => string | undefined,
): readonly string[] {
  const text = source.kind === 'flag' || source.kind === 'default' ? undefined : words(value);
  return text === undefined ? [] : [`${source.where}: ${text}`];
}

const listed = (items: readonly string[]): string =>
  items.length > MOST_NAMED
    ? `${items.slice(0, MOST_NAMED).join(', ')} and ${items.length - MOST_NAMED} more`
    : items.join(', ');
