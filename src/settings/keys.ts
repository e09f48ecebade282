import { FAIL_ON } from '../doctor/report.ts';
import type { DoctorSettingName } from './settings.ts';

/** What a key may hold. Patterns are those of the shipped JSON Schema, so they stand as texts. */
export type SettingType =
  | { readonly kind: 'choice'; readonly allowed: readonly string[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly least: number; readonly most: number }
  | {
      readonly kind: 'text';
      readonly pattern: string;
      /** What fits, behind `is not`: `a length of time such as 30s`. */
      readonly expected: string;
    }
  | { readonly kind: 'list'; readonly pattern: string; readonly expected: string };

export type SettingValue = string | number | boolean | readonly string[];

/**
 * What a project's file may say of a key without being trusted: everything, only what writes no file, only what stays
 * inside the project, or nothing.
 */
export type ProjectTrust = 'free' | 'without_files' | 'inside' | 'trusted';

export interface SettingKey {
  /** As it is written: `doctor.fail_on`. */
  readonly path: readonly [table: 'doctor' | 'plugins' | 'history', key: string];
  readonly type: SettingType;
  readonly default?: SettingValue;
  readonly variable: string;
  /** The option of `stethos doctor` that is stronger. */
  readonly option?: string;
  readonly description: string;
  /** A value as TOML. */
  readonly example: string;
  readonly projectMay: ProjectTrust;
}

/** Ids and globs, and comma lists of them, as `--only` takes them. */
const SELECTION = '^[!-~][ -~]{0,299}$';
/** Anything that stays in one row. */
const PATH = String.raw`^[^\u0000-\u001f\u007f]{1,1024}$`;
const selection = { kind: 'list', pattern: SELECTION, expected: 'an id or a glob over ids' } as const;
/** All of these are at least a millisecond and at most a day, which is what `--timeout` takes. */
const DURATION = String.raw`^(?:[1-9]\d{0,6}ms|(?:0\.\d{0,2}[1-9]\d{0,2}|[1-9]\d{0,3}(?:\.\d{1,3})?)s?|[1-9]\d{0,2}(?:\.\d{1,3})?m)$`;
/** Nobody looks further back, and each run costs some kilobytes. */
const MOST_RUNS = 10_000;

const doctor = (key: string, more: Omit<SettingKey, 'path' | 'variable' | 'option'>): SettingKey => ({
  path: ['doctor', key],
  variable: `STETHOS_${key.toUpperCase()}`,
  option: `--${key.replaceAll('_', '-')}`,
  ...more,
});

export const DOCTOR_KEYS: Readonly<Record<DoctorSettingName, SettingKey>> = {
  target: doctor('target', {
    type: { kind: 'choice', allowed: ['auto', 'codex', 'stethos'] },
    default: 'auto',
    description: 'The agent that is examined; auto takes the home that exists, codex when several do',
    example: '"codex"',
    projectMay: 'free',
  }),
  only: doctor('only', {
    type: selection,
    default: [],
    description: 'Run these checks alone: ids or globs; all when empty',
    example: '["state.*", "config.load"]',
    projectMay: 'free',
  }),
  skip: doctor('skip', {
    type: selection,
    default: [],
    description: 'Leave these checks out; wins over only',
    example: '["git.environment"]',
    projectMay: 'free',
  }),
  failOn: doctor('fail_on', {
    type: { kind: 'choice', allowed: FAIL_ON },
    default: 'fail',
    description: 'What makes the exit code 1',
    example: '"warn"',
    projectMay: 'free',
  }),
  timeout: doctor('timeout', {
    type: { kind: 'text', pattern: DURATION, expected: 'a length of time such as 30s, 1500ms or 2m' },
    default: '30s',
    description: 'Deadline of the whole run',
    example: '"60s"',
    projectMay: 'free',
  }),
  format: doctor('format', {
    type: {
      kind: 'list',
      pattern: String.raw`^[A-Za-z][\w.+-]{0,63}(?:=[^\u0000-\u001f\u007f]{1,1024})?$`,
      expected: 'NAME or NAME=FILE',
    },
    default: ['human'],
    description:
      'Output formats, NAME or NAME=FILE; a relative FILE is meant from the folder of stethos.toml',
    example: '["human", "junit=doctor.xml"]',
    projectMay: 'without_files',
  }),
  offline: doctor('offline', {
    type: { kind: 'boolean' },
    default: false,
    description: 'Talk to no other machine',
    example: 'true',
    projectMay: 'free',
  }),
  noExec: doctor('no_exec', {
    type: { kind: 'boolean' },
    default: false,
    description: 'Run no helper program',
    example: 'true',
    projectMay: 'free',
  }),
  baseline: doctor('baseline', {
    type: { kind: 'text', pattern: PATH, expected: 'the path of a report' },
    description:
      'A report of before: only what is new fails; a relative path is meant from the folder of stethos.toml',
    example: '"doctor-baseline.json"',
    projectMay: 'inside',
  }),
  anchorFile: doctor('anchor_file', {
    type: {
      kind: 'text',
      pattern: String.raw`^(?!/|[A-Za-z]:)(?!(?:[^\n]*/)?\.\.(?:/|$))[^\\\u0000-\u001f\u007f]{1,1024}$`,
      expected:
        'the path of a file from the root of the repository, with / between parts and without a .. part',
    },
    description:
      'The file, from the root of the repository, at which SARIF and GitHub show what has no file of its own there',
    example: '"README.md"',
    projectMay: 'inside',
  }),
};

export const PLUGINS_KEY: SettingKey = {
  path: ['plugins', 'load'],
  type: { kind: 'list', pattern: PATH, expected: 'a path that begins with . or /, or the name of a package' },
  default: [],
  variable: 'STETHOS_PLUGINS',
  option: '--plugin',
  description: 'Checks and formats of others: files and packages, looked up from the folder of stethos.toml',
  example: '["./checks/disk.ts", "stethos-plugin-acme"]',
  projectMay: 'trusted',
};

export const HISTORY_ENABLED_KEY: SettingKey = {
  path: ['history', 'enabled'],
  type: { kind: 'boolean' },
  default: false,
  variable: 'STETHOS_HISTORY',
  option: '--history',
  description: 'Keep the reports of the doctor on this machine, for stethos history',
  example: 'true',
  projectMay: 'trusted',
};

export const HISTORY_KEEP_KEY: SettingKey = {
  path: ['history', 'keep'],
  type: { kind: 'integer', least: 1, most: MOST_RUNS },
  default: 200,
  variable: 'STETHOS_HISTORY_KEEP',
  description: 'How many runs are kept; older ones are removed',
  example: '500',
  projectMay: 'trusted',
};

/** Every key with one value: the one source of the reader, the schema's test, the page and `stethos config`. */
export const SETTING_KEYS: readonly SettingKey[] = [
  ...Object.values(DOCTOR_KEYS),
  PLUGINS_KEY,
  HISTORY_ENABLED_KEY,
  HISTORY_KEEP_KEY,
];

export const pathOf = ({ path }: Pick<SettingKey, 'path'>): string => path.join('.');

/** `1` or `true` lets a project's file say everything, as `--trust-project` does. */
export const TRUST_VARIABLE = 'STETHOS_TRUST_PROJECT';
