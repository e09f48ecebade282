import { isAbsolute } from 'node:path';
import type { Environment } from '../target/home.ts';

/** The folder that the shell stands in; `isGone` when it was deleted meanwhile, with the path that it had. */
export function workingDirectory(env: Environment): { readonly cwd: string; readonly isGone: boolean } {
  try {
    return { cwd: process.cwd(), isGone: false };
  } catch {
    const named = env['PWD'];
    return { cwd: named && isAbsolute(named) ? named : '/', isGone: true };
  }
}
