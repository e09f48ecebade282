import type { Files } from '../../../host/files.ts';
import { files as realFiles } from '../../../host/files.ts';
import { isBelow } from '../../../host/inside.ts';
import { once } from '../../../host/once.ts';
import { runProcess } from '../../../host/spawn.ts';
import { systemTrust } from '../../../host/trust.ts';
import type { TrustSource } from '../../../host/trust.ts';
import type { SandboxPolicy } from '../policy.ts';
import type { Launch, Sandbox, SandboxedLaunch } from '../sandbox.ts';
import { writableArea } from '../writable.ts';
import type { WritableArea } from '../writable.ts';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import { findBubblewrap } from './find-bubblewrap.ts';
import { createHeldFolders } from './held-folders.ts';
import { raiseShields } from './shields.ts';
import { socketFilter } from './socket-filter.ts';
import { unnamedFile } from './unnamed-file.ts';

export interface SandboxOptions {
  /** Where bwrap(1) is looked for behind the usual folders. */
  readonly searchPath: string | undefined;
  /** A project around it must not bring the sandbox along. */
  readonly cwd: string;
  readonly userDirectory: string;
  readonly platform?: NodeJS.Platform;
  readonly architecture?: string;
  readonly files?: Pick<Files, 'look' | 'realpath'>;
  readonly trust?: TrustSource;
}

type RestrictedArea = Extract<WritableArea, { kind: 'roots' }>;
type Trial =
  | { readonly kind: 'works'; readonly path: string; readonly resetsSignals: boolean }
  | { readonly kind: 'fails'; readonly reason: string; readonly remedy: string };

const INSTALL = 'Install bubblewrap (the package is named so everywhere)';
const ALLOW_NAMESPACES =
  'Let this account make user namespaces (in a container: outside of it, or with a profile that allows them)';
/** Setting up namespaces takes milliseconds; a machine that is very busy takes seconds. */
const TRIAL_TIMEOUT_MS = 10_000;
const FILTER_DESCRIPTOR = 9;
/** `--unshare-net` and the filter go together. */
const RESTRICTED_VARIABLE = { CODEX_SANDBOX_NETWORK_DISABLED: '1' };

/**
 * The sandbox of this machine: bubblewrap on Linux, none elsewhere. Whether it works here is tried once, at the first
 * launch that needs it. What cannot be held is refused with what to do (spec/agent-core.md 3.1).
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  let works = (options.platform ?? process.platform) === 'linux';
  const tried = once(async () => {
    const trial = await tryBubblewrap(options);
    works = trial.kind === 'works';
    return trial;
  });
  const heldFolders = createHeldFolders(options.files ?? realFiles);
  return {
    mechanismFor({ type }) {
      if (type === 'external-sandbox') return 'external';
      return type !== 'danger-full-access' && works ? 'bubblewrap' : 'none';
    },
    async wrap(launch, policy, workspace): Promise<SandboxedLaunch> {
      const area = writableArea(policy, { cwd: workspace, env: launch.env });
      if (area.kind === 'everything')
        return { kind: 'ready', launch, mechanism: 'none', release: () => undefined };
      const trial = await tried();
      if (trial.kind === 'fails') return unavailable(policy, trial);
      const held = heldFolders(area);
      const link = area.readOnlyBelow.find((path) => isLink(path, options.files ?? realFiles));
      if (link !== undefined)
        return unavailable(policy, {
          reason: `${link} is a symbolic link, which a command could replace`,
          remedy: 'Put the folder itself there',
        });
      return contained(launch, { policy, area, held, trial });
    },
  };
}

function contained(
  launch: Launch,
  within: {
    readonly policy: SandboxPolicy;
    readonly area: RestrictedArea;
    readonly held: readonly string[];
    readonly trial: Extract<Trial, { kind: 'works' }>;
  },
): SandboxedLaunch {
  const { policy, area, held, trial } = within;
  const hasNetwork = policy.type === 'workspace-write' && policy.network_access;
  let shields;
  const roots = area.roots.filter((root) => realFiles.look(root).kind === 'found');
  const missing = area.roots.filter((root) => !roots.includes(root));
  try {
    // Nothing is there yet in a root that is missing, and a shield would make it.
    shields = raiseShields(area.readOnlyBelow.filter((path) => !missing.some((root) => isBelow(path, root))));
  } catch (error) {
    return unavailable(policy, {
      reason: `the protected folders cannot be held (${error instanceof Error ? error.message : 'unknown'})`,
      remedy: 'See that the workspace can be written',
    });
  }
  const argv = launcher({
    bubblewrap: trial,
    area: { kind: 'roots', roots, readOnlyBelow: shields.paths },
    held,
    hasNetwork,
    cwd: launch.cwd,
    argv: launch.argv,
  });
  const env = hasNetwork ? launch.env : { ...launch.env, ...RESTRICTED_VARIABLE };
  return {
    kind: 'ready',
    mechanism: 'bubblewrap',
    launch: { argv, cwd: launch.cwd, env },
    release: () => shields.remove(),
  };
}

const filterFile = once((): string => {
  const filter = socketFilter(process.arch);
  if (filter === undefined) throw new Error('no filter of system calls for this architecture');
  return unnamedFile(filter);
});

interface Contained {
  readonly bubblewrap: { readonly path: string; readonly resetsSignals: boolean };
  readonly area: RestrictedArea;
  readonly held: readonly string[];
  readonly hasNetwork: boolean;
  readonly cwd: string;
  readonly argv: readonly string[];
}

/**
 * The whole command. A shell opens the filter, since not every way to start a program can hand a descriptor on. It also
 * has bwrap ignore what is meant for the command: a Ctrl-C at the terminal reaches both, and would otherwise end
 * everything inside instead of interrupting one program.
 */
function launcher({ bubblewrap, area, held, hasNetwork, cwd, argv }: Contained): string[] {
  const { path, resetsSignals } = bubblewrap;
  const script = [
    ...(resetsSignals ? ["trap '' HUP INT QUIT TERM"] : []),
    hasNetwork ? 'exec "$@"' : `exec "$@" ${FILTER_DESCRIPTOR}<"$0"`,
  ].join('; ');
  const inside = resetsSignals ? ['/usr/bin/env', '--default-signal=HUP,INT,QUIT,TERM', ...argv] : argv;
  const filterDescriptor = hasNetwork ? undefined : FILTER_DESCRIPTOR;
  const wrapped = bubblewrapArguments({ area, held, hasNetwork, filterDescriptor, cwd, argv: inside });
  return ['/bin/sh', '-c', script, hasNetwork ? 'sh' : filterFile(), path, ...wrapped];
}

async function tryBubblewrap(options: SandboxOptions): Promise<Trial> {
  const { platform = process.platform, architecture = process.arch, files = realFiles } = options;
  if (platform !== 'linux')
    return { kind: 'fails', reason: `there is no sandbox for ${platform} yet`, remedy: 'Use Linux' };
  if (socketFilter(architecture) === undefined)
    return {
      kind: 'fails',
      reason: `there is no filter of system calls for ${architecture}`,
      remedy: 'Use x64 or arm64',
    };
  const found = findBubblewrap({ ...options, files, trust: options.trust ?? systemTrust });
  if (found.kind === 'missing')
    return { kind: 'fails', reason: 'bubblewrap (bwrap) is not installed', remedy: INSTALL };
  if (found.kind === 'untrusted') return { kind: 'fails', reason: found.reason, remedy: INSTALL };
  let reason = '';
  for (const resetsSignals of [true, false]) {
    const bubblewrap = { path: found.path, resetsSignals };
    // oxlint-disable-next-line no-await-in-loop -- the second way is tried only where the first one fails
    const outcome = await trialRun(bubblewrap);
    if (outcome === undefined) return { kind: 'works', ...bubblewrap };
    reason = outcome;
  }
  return {
    kind: 'fails',
    reason: `bubblewrap does not work here (${reason})`,
    remedy: ALLOW_NAMESPACES,
  };
}

/** Why the smallest command does not run in the strictest sandbox; undefined when it does. */
async function trialRun(bubblewrap: Contained['bubblewrap']): Promise<string | undefined> {
  const area: RestrictedArea = { kind: 'roots', roots: [], readOnlyBelow: [] };
  const [shell = '', ...rest] = launcher({
    bubblewrap,
    area,
    held: [],
    hasNetwork: false,
    cwd: '/',
    argv: ['/bin/sh', '-c', ':'],
  });
  const outcome = await runProcess(shell, rest, { cwd: '/', env: {}, timeoutMs: TRIAL_TIMEOUT_MS });
  if (outcome.kind !== 'exited') return outcome.kind;
  if (outcome.exitCode === 0) return undefined;
  return outcome.stderr.trim().split('\n')[0] || `exit code ${outcome.exitCode}`;
}

function isLink(path: string, files: Pick<Files, 'look'>): boolean {
  const seen = files.look(path);
  return seen.kind === 'dangling' || seen.kind === 'loop' || (seen.kind === 'found' && seen.isLink);
}

const unavailable = (
  policy: SandboxPolicy,
  { reason, remedy }: { readonly reason: string; readonly remedy: string },
): SandboxedLaunch => ({
  kind: 'unavailable',
  message:
    `The command was not run: the sandbox policy ${policy.type} cannot be held, because ${reason}. ` +
    `${remedy}; or, if this machine is meant to give commands everything, or something else isolates it, ` +
    'set sandbox_mode to "danger-full-access".',
});
