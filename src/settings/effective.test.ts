import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effectiveDoctorSettings } from './effective.ts';
import { readEnvironment } from './environment.ts';
import { DOCTOR_KEYS, pathOf } from './keys.ts';
import type { SettingKey } from './keys.ts';
import { readSettings } from './read-settings.ts';
import type { DoctorSettingName } from './settings.ts';
import type { Files } from '../host/files.ts';
import { parseDuration } from '../cli/duration.ts';

const CWD = '/w';

/** Values that are told apart, as data, as TOML and as a variable. */
const VALUES: Readonly<Record<SettingKey['type']['kind'], (key: SettingKey) => readonly unknown[]>> = {
  choice: ({ type }) => (type.kind === 'choice' ? type.allowed : []),
  boolean: () => [true, false],
  integer: () => [],
  text: (key) => (key === DOCTOR_KEYS.timeout ? ['10s', '20s', '40s'] : ['a.json', 'b.json', 'c.json']),
  list: (key) =>
    key === DOCTOR_KEYS.format ? [['json'], ['tap'], ['summary']] : [['a.*'], ['b.b'], ['c.c', 'd.d']],
};

const asVariable = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));
const absolute = (key: SettingKey, value: unknown, folder: string): unknown =>
  key === DOCTOR_KEYS.baseline ? `${folder}/${String(value)}` : value;

/** Files that hold these texts and nothing else. */
const filesOf = (texts: Readonly<Record<string, string>>): Pick<Files, 'look' | 'readText' | 'realpath'> => {
  const facts = {
    kind: 'found',
    type: 'file',
    size: 1,
    mode: 0o600,
    uid: 0,
    inode: 1,
    device: 1,
    modifiedAtMs: 0,
    isLink: false,
  } as const;
  return {
    look: (path) => (texts[path] === undefined ? { kind: 'missing' } : facts),
    readText: (path) => {
      const text = texts[path];
      return text === undefined
        ? { kind: 'missing' }
        : { kind: 'read', text, facts, truncated: false, validUtf8: true };
    },
    realpath: (path) => path,
  };
};

const LAYERS = ['flag', 'environment', 'project', 'user'] as const;

test('for every key: flag, environment, project, user, default; whichever of them say something', () => {
  const said = fc.option(fc.nat(2), { nil: undefined });
  const anything = fc.record(
    Object.fromEntries(
      Object.keys(DOCTOR_KEYS).map((name) => [
        name,
        fc.record({ flag: said, environment: said, project: said, user: said }),
      ]),
    ),
  );
  fc.assert(
    fc.property(anything, (choices) => {
      const flags: Record<string, unknown> = {};
      const env: Record<string, string> = { HOME: '/home/ann' };
      const lines = { project: ['[doctor]'], user: ['[doctor]'] };
      const wanted: Record<string, unknown> = {};
      for (const [name, key] of Object.entries(DOCTOR_KEYS)) {
        const values = VALUES[key.type.kind](key);
        const choice = choices[name];
        const valueOf = (layer: (typeof LAYERS)[number]): unknown => {
          const index = choice?.[layer];
          return index === undefined ? undefined : values[index % values.length];
        };
        const [flag, environment, project, user] = LAYERS.map(valueOf);
        if (flag !== undefined) flags[name] = flag;
        if (environment !== undefined) env[key.variable] = asVariable(environment);
        if (project !== undefined) lines.project.push(`${key.path[1]} = ${JSON.stringify(project)}`);
        if (user !== undefined) lines.user.push(`${key.path[1]} = ${JSON.stringify(user)}`);
        const first = LAYERS.find((layer) => valueOf(layer) !== undefined);
        const folder = first === 'user' ? '/home/ann/.config/stethos' : CWD;
        const value = first && (first === 'flag' ? flag : absolute(key, valueOf(first), folder));
        if (first || key.default !== undefined) wanted[name] = [value ?? key.default, first ?? 'default'];
      }
      const read = readSettings({
        env,
        cwd: CWD,
        files: filesOf({
          [`${CWD}/stethos.toml`]: lines.project.join('\n'),
          '/home/ann/.config/stethos/stethos.toml': lines.user.join('\n'),
        }),
        platform: 'linux',
        trustProject: false,
      });
      if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
      const effective = effectiveDoctorSettings(read.settings, flags);
      const seen = Object.entries(effective).map(([name, { value, source }]) => [name, [value, source.kind]]);
      expect(Object.fromEntries(seen)).toEqual(wanted);
    }),
  );
});

test('an option that was not given says nothing, and neither does an empty list', () => {
  const { values } = readEnvironment({ STETHOS_ONLY: 'a.b', STETHOS_TIMEOUT: '5s' }, CWD);
  const settings = {
    doctor: {
      only: {
        value: values.get('doctor.only')?.value as string[],
        source: { kind: 'environment', where: 'STETHOS_ONLY' },
      },
    },
  } as const;
  const { only, timeout } = effectiveDoctorSettings(settings, { only: [], timeout: undefined });
  expect(only.source.where).toBe('STETHOS_ONLY');
  expect(timeout).toEqual({ value: '30s', source: { kind: 'default', where: 'default' } });
});

test('where a value comes from is named as it is typed', () => {
  const { failOn } = effectiveDoctorSettings({ doctor: {} }, { failOn: 'warn' });
  expect(failOn).toEqual({ value: 'warn', source: { kind: 'flag', where: '--fail-on' } });
});

test('every length of time that a file may say is one that --timeout takes', () => {
  const { type } = DOCTOR_KEYS.timeout;
  if (type.kind !== 'text') throw new Error(`${pathOf(DOCTOR_KEYS.timeout)} is a text`);
  fc.assert(
    fc.property(fc.stringMatching(new RegExp(type.pattern)), (text) => {
      expect(parseDuration(text, '--timeout')).toBeGreaterThan(0);
    }),
  );
});

const NAMES: readonly DoctorSettingName[] = Object.keys(DOCTOR_KEYS) as DoctorSettingName[];

test('every key has a variable and an option of its own', () => {
  const keys = NAMES.map((name) => DOCTOR_KEYS[name]);
  expect(new Set(keys.map(({ variable }) => variable)).size).toBe(keys.length);
  expect(new Set(keys.map(({ option }) => option)).size).toBe(keys.length);
});
