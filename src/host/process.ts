import { dirname, isAbsolute, normalize } from 'node:path';
import type { Files } from './files.ts';
import { isStartable } from './program-format.ts';
import { belongsToProject, projectAround } from './project.ts';
import type { Project } from './project.ts';
import { findOnPath, searchFolders } from './search-path.ts';
import { runProcess } from './spawn.ts';
import type { SpawnOutcome } from './spawn.ts';
import { distrustOf, distrustOnWindows, systemTrust } from './trust.ts';
import type { TrustSource } from './trust.ts';

/** Outcome of a helper that was asked to run under the trust rule. */
export type ProcessRun =
  | (SpawnOutcome & { readonly path: string })
  /** Not on the search path. */
  | { readonly kind: 'not_found' }
  /** Found, but a folder or the file could have been planted by somebody else. */
  | { readonly kind: 'untrusted'; readonly path: string; readonly reason: string }
  /** The user asked that nothing be executed. */
  | { readonly kind: 'disabled' };

export interface HelperRunOptions {
  /** Default 2 s. */
  readonly timeoutMs?: number;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default the root directory. */
  readonly cwd?: string;
  /** The answer changes with time: it is neither shared nor remembered. */
  readonly isFleeting?: boolean;
  /** The user has named this very program: it may lie in the current project. The rest of the rule holds. */
  readonly isNamedByUser?: boolean;
}

/**
 * Runs well-known helpers only, under the trust rule: a resolved absolute path whose file and folders nobody else can
 * write, an argument list, no shell, a clean environment, closed stdin, a time limit and an output limit. Never rejects.
 */
export interface Helpers {
  /**
   * The same question is asked only once: a second call with the same arguments shares the first one's answer.
   * @param command a bare name looked up on the examined PATH, or an absolute path
   * @param args arguments that only read
   */
  run(command: string, args: readonly string[], options?: HelperRunOptions): Promise<ProcessRun>;
}

export interface HelperOptions {
  /** The examined environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly userDirectory: string;
  readonly files: Pick<Files, 'look' | 'realpath' | 'readBytes' | 'list'>;
  /** False: nothing is executed, every call answers `disabled`. */
  readonly exec: boolean;
  readonly trust?: TrustSource;
}

/** A helper that only prints a version answers in milliseconds; longer means that it hangs. */
const DEFAULT_TIMEOUT_MS = 2_000;

export function createHelpers(options: HelperOptions): Helpers {
  const answers = new Map<string, Promise<ProcessRun>>();
  let surroundings: Surroundings | undefined;
  return {
    run: (command, args, runOptions = {}) => {
      if (!options.exec) return Promise.resolve({ kind: 'disabled' });
      const question = JSON.stringify([command, args, runOptions]);
      const known = answers.get(question);
      if (known) return known;
      surroundings ??= surveyed(options);
      const answer = runHelper({ command, args, options: runOptions }, surroundings);
      if (!runOptions.isFleeting) answers.set(question, answer);
      return answer;
    },
  };
}

/** What every run of a helper has in common; found at the first one. */
interface Surroundings extends Pick<HelperOptions, 'env' | 'files'> {
  readonly trust: TrustSource;
  readonly searchPath: string | undefined;
  readonly project: Project;
  readonly cleanEnvironment: Readonly<Record<string, string>>;
}

function surveyed({ env, cwd, userDirectory, files, trust = systemTrust }: HelperOptions): Surroundings {
  // Windows compares variable names without case and usually spells this one `Path`.
  const searchPath = env['PATH'] ?? env['Path'];
  const project = projectAround(cwd, userDirectory, files);
  const windows = trust.platform === 'win32';
  const folders = searchFolders(searchPath).filter(
    (folder) =>
      !belongsToProject(folder, project) && (windows || distrustOf(normalize(folder), trust) === undefined),
  );
  // The search path keeps its trusted folders and the home directory is known, because the shims of mise, asdf or pyenv
  // find the real program through them and would look broken without. No other variable of the user reaches a helper,
  // so none of them can load code into it.
  const cleanEnvironment: Record<string, string> = {
    PATH: folders.join(windows ? ';' : ':'),
    LC_ALL: 'C',
    ...(windows
      ? { SystemRoot: env['SystemRoot'] ?? 'C:\\Windows', USERPROFILE: userDirectory }
      : { HOME: userDirectory }),
  };
  return { env, files, trust, searchPath, project, cleanEnvironment };
}

interface Question {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: HelperRunOptions;
}

async function runHelper({ command, args, options }: Question, around: Surroundings): Promise<ProcessRun> {
  const path = locate(command, around);
  if (path === undefined) return { kind: 'not_found' };
  const reason = distrust(path, around, options);
  if (reason !== undefined) return { kind: 'untrusted', path, reason };
  if (!isStartable(path, around.files)) return { kind: 'spawn_failed', path, code: 'ENOEXEC' };
  const { timeoutMs = DEFAULT_TIMEOUT_MS, env = {}, cwd = '/' } = options;
  const outcome = await runProcess(path, args, {
    cwd,
    env: { ...around.cleanEnvironment, ...env },
    timeoutMs,
  });
  return { ...outcome, path };
}

function locate(command: string, { searchPath, files }: Surroundings): string | undefined {
  if (isAbsolute(command)) return files.look(command).kind === 'missing' ? undefined : normalize(command);
  return findOnPath(command, searchPath, files).find((place) => place.state === 'executable')?.path;
}

/** Why a file must not be executed, or undefined. */
function distrust(
  path: string,
  { trust, env, project }: Surroundings,
  { isNamedByUser = false }: HelperRunOptions,
): string | undefined {
  if (!isNamedByUser && belongsToProject(dirname(path), project))
    return `${path} lies in the current project, which could have brought it along`;
  return trust.platform === 'win32' ? distrustOnWindows(path, env) : distrustOf(path, trust);
}
