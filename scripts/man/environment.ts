import { SETTING_KEYS, TRUST_VARIABLE } from '../../src/settings/keys.ts';

/** Paths in a variable are meant from the working directory, whatever the key says of those in a file. */
const ofVariable = (description: string): string =>
  description.replace(/[;,] (?:a relative \w+ is meant|looked up) from the folder of stethos\.toml$/, '');

/** Every variable of our own that a user may set, with what it says; a test compares it with the sources. */
export const ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ...SETTING_KEYS.map(({ variable, description }) => [variable, ofVariable(description)] as const),
  [TRUST_VARIABLE, 'With 1, stethos.toml of a project may also name code, commands and files to be written'],
  ['STETHOS_HOME', 'Home of the embedded agent (default: ~/.stethos)'],
  ['STETHOS_SQLITE_HOME', 'Where the embedded agent keeps its databases (default: its home)'],
  ['STETHOS_ROLLOUT_TRACE_ROOT', 'Folder in which the embedded agent leaves a trace of each thread'],
  ['STETHOS_SENTRY_DSN', 'Sentry project that feedback and doctor --sentry send to'],
  ['STETHOS_CRASH_REPORTS', 'With 1, a crash of stethos itself is sent to that project'],
  ['CODEX_HOME', "Codex' home, examined by the doctor (default: ~/.codex)"],
  ['NO_COLOR', 'No colours'],
  ['XDG_CACHE_HOME', 'Where compiled code of stethos is kept (default: ~/.cache)'],
  ['XDG_CONFIG_HOME', 'Where stethos/stethos.toml of the user stands (default: ~/.config)'],
  ['XDG_STATE_HOME', 'Where earlier runs are kept, if you want them kept (default: ~/.local/state)'],
]);
