import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Files } from '../host/files.ts';
import { shellPath } from '../host/shell-path.ts';
import { PROFILES } from './profile.ts';
import type { Profile, ProfileId } from './profile.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Home {
  readonly profile: Profile;
  /** Absolute, without a trailing slash. */
  readonly path: string;
  /** `--home`, the name of the variable, or `default`. */
  readonly source: string;
}

export interface ChosenHome extends Home {
  /** Homes of the other profiles that exist too. */
  readonly alsoPresent: readonly Home[];
}

interface HomeChoice {
  readonly target: ProfileId | 'auto';
  readonly home?: string | undefined;
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Decides which home is examined. A named target is taken at its word. `auto` takes the homes that exist: codex's when
 * several do (the others are named), the embedded core's own on a bare machine. A home counts as existing when anything
 * stands at its path, or when its variable names a path: a home that was asked for and is missing is worth a report.
 */
export function chooseHome(choice: HomeChoice, files: Files): ChosenHome {
  const candidates = Object.values(PROFILES).map((profile) => homeOf(profile, choice));
  const named =
    choice.target === 'auto' ? undefined : candidates.find((home) => home.profile.id === choice.target);
  const exists = (home: Home): boolean =>
    home.source !== 'default' || files.look(home.path).kind !== 'missing';
  // `--home` belongs to the examined profile alone, so it must not make every other profile look present.
  const standing = candidates
    .map((home) => (home.source === '--home' ? homeOf(home.profile, { ...choice, home: undefined }) : home))
    .filter(exists);
  const chosen =
    named ??
    (choice.home === undefined
      ? (standing[0] ?? homeOf(PROFILES.stethos, choice))
      : homeOf(PROFILES.codex, choice));
  return { ...chosen, alsoPresent: standing.filter((home) => home.profile.id !== chosen.profile.id) };
}

function homeOf(profile: Profile, { home, cwd, env }: HomeChoice): Home {
  if (home !== undefined) return { profile, path: resolve(cwd, home), source: '--home' };
  const fromVariable = env[profile.homeVariable];
  if (fromVariable) return { profile, path: resolve(cwd, fromVariable), source: profile.homeVariable };
  return { profile, path: join(userDirectory(env), profile.defaultHome), source: 'default' };
}

/**
 * True where nothing below the home can be looked at: a link that leads in a circle, a disk that gives no answer, a
 * folder that may not be entered. `state.paths` says so, once.
 */
export function isOutOfReach(home: string, files: Files): boolean {
  // The dot asks for the right to enter the folder, not only for its name.
  const { kind } = files.look(`${home}/.`);
  return kind === 'loop' || kind === 'denied' || kind === 'failed';
}

/** What stands at the path of a home: `directory`, another type of file, `missing`, or `denied` where it is closed to us. */
export function stateOfHome(home: string, files: Files): string {
  if (files.list(home, { maxEntries: 1 }).kind === 'denied' || isOutOfReach(home, files)) return 'denied';
  const seen = files.look(home);
  return seen.kind === 'found' ? seen.type : seen.kind;
}

/** The user's home directory; from the account database when the variable is unset or not absolute. */
export function userDirectory(env: Environment): string {
  const named = process.platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  if (named && isAbsolute(named)) return resolve(named);
  try {
    return homedir();
  } catch {
    // os.homedir() throws for an account without an entry and HOME unset, as in some containers.
    return '/';
  }
}

/** The search path; Windows compares variable names without case and usually spells this one `Path`. */
export const searchPathOf = (env: Environment): string | undefined => env['PATH'] ?? env['Path'];

/** The command that signs in to this home. One that only the doctor was told of must be named to the agent too. */
export function loginCommandOf({ profile, path, source }: Home): string {
  return source === '--home'
    ? `${profile.homeVariable}=${shellPath(path)} ${profile.loginCommand}`
    : profile.loginCommand;
}
