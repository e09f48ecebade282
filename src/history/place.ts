import { createHash } from 'node:crypto';
import { join, posix, win32 } from 'node:path';
import { userDirectory } from '../target/home.ts';
import type { Environment } from '../target/home.ts';

/** `$XDG_STATE_HOME/stethos/history.sqlite`, or below `%LOCALAPPDATA%`. XDG has a relative path passed over. */
export function historyPath(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const onWindows = platform === 'win32';
  const named = onWindows ? env['LOCALAPPDATA'] : env['XDG_STATE_HOME'];
  const isNamed = named !== undefined && (onWindows ? win32 : posix).isAbsolute(named);
  const folder = isNamed ? named : join(userDirectory(env), onWindows ? 'AppData/Local' : '.local/state');
  return join(folder, 'stethos', 'history.sqlite');
}

/** Long enough that no two homes of a machine share one. */
const KEY_LENGTH = 16;

/**
 * Tells homes apart. What reports show cannot: there the homes of two other users are both `/home/<user:1>/.codex`.
 * @param home absolute, as it is spelt on disk
 */
export const homeKey = (home: string): string =>
  createHash('sha256').update(home).digest('hex').slice(0, KEY_LENGTH);
