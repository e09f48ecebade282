import { join, posix, relative, resolve, sep, win32 } from 'node:path';
import type { Files } from '../host/files.ts';
import { isBelow } from '../host/inside.ts';
import { projectAround } from '../host/project.ts';
import { userDirectory } from '../target/home.ts';
import type { Environment } from '../target/home.ts';
import type { SettingsFault, SettingsFile } from './settings.ts';

export const SETTINGS_FILE = 'stethos.toml';
/** A hand-written file of settings, with a thousand waivers. */
export const MAX_SETTINGS_BYTES = 256 * 1024;

/** A file that may say something, and how it is spoken of. */
export interface SettingsPlace extends SettingsFile {
  /** Relative to the working directory, or with `~`. */
  readonly shown: string;
  /** Folder that relative paths in it are meant from. */
  readonly folder: string;
  /** What a project's file may name without being trusted stands in here. */
  readonly root: string;
}

interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly files: Pick<Files, 'look'>;
  readonly platform: NodeJS.Platform;
}

/**
 * The places of settings, strongest first, whether or not something stands there: the nearest `stethos.toml` from the
 * working directory up to the top of the repository around it, and the user's. Outside of any repository a file above
 * the working directory is nobody's project, so only that folder is looked at.
 */
export function settingsPlaces(surroundings: Surroundings): readonly SettingsPlace[] {
  const project = projectPlace(surroundings);
  const user = userPlace(surroundings);
  // Who stands in the folder of the user's settings has them as such.
  return project.path === user.path ? [user] : [project, user];
}

function projectPlace({ env, cwd, files }: Surroundings): SettingsPlace {
  const { root = cwd } = projectAround(cwd, userDirectory(env), files);
  const folders = [cwd];
  for (let folder = cwd; folder !== root;) {
    folder = resolve(folder, '..');
    folders.push(folder);
  }
  const folder = folders.find((candidate) => exists(files.look(join(candidate, SETTINGS_FILE)).kind)) ?? root;
  const path = join(folder, SETTINGS_FILE);
  const shown = relative(cwd, path).split(sep).join('/');
  return { kind: 'project', path, shown, folder, root };
}

function userPlace({ env, platform }: Surroundings): SettingsPlace {
  const folder = userSettingsFolder(env, platform);
  const path = join(folder, SETTINGS_FILE);
  const home = userDirectory(env);
  const shown = isBelow(path, home) ? `~/${relative(home, path).split(sep).join('/')}` : path;
  return { kind: 'user', path, shown, folder, root: folder };
}

/** The XDG base directory specification has a relative path passed over. */
function userSettingsFolder(env: Environment, platform: NodeJS.Platform): string {
  const onWindows = platform === 'win32';
  const named = onWindows ? env['APPDATA'] : env['XDG_CONFIG_HOME'];
  if (named && (onWindows ? win32 : posix).isAbsolute(named)) return join(named, 'stethos');
  return join(userDirectory(env), onWindows ? 'AppData/Roaming' : '.config', 'stethos');
}

/** A folder that may not be looked into holds no file as far as anybody can tell. */
export const exists = (kind: ReturnType<Files['look']>['kind']): boolean =>
  kind === 'found' || kind === 'dangling' || kind === 'loop';

export type SettingsText =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'faulty'; readonly fault: SettingsFault };

/** The text of a settings file. What stands at its path and cannot be read is a fault, and never waited for. */
export function readSettingsFile(
  path: string,
  shown: string,
  files: Pick<Files, 'look' | 'readText'>,
): SettingsText {
  if (!exists(files.look(path).kind)) return { kind: 'absent' };
  const faulty = (problem: string): SettingsText => ({ kind: 'faulty', fault: { path: shown, problem } });
  const read = files.readText(path, { maxBytes: MAX_SETTINGS_BYTES });
  switch (read.kind) {
    case 'read':
      if (read.truncated) return faulty(`is larger than ${MAX_SETTINGS_BYTES / 1024} KB`);
      if (!read.validUtf8) return faulty('is not text in UTF-8');
      return { kind: 'text', text: read.text };
    case 'wrong_type':
      return faulty(`is a ${read.type}, not a file`);
    case 'dangling':
      return faulty('is a link that leads nowhere');
    case 'loop':
      return faulty('is a link that leads back to itself');
    case 'missing':
      return { kind: 'absent' };
    case 'denied':
    case 'failed':
      return faulty(`cannot be read (${read.code})`);
  }
}
