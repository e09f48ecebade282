import type { Files } from './files.ts';
import type { Helpers } from './process.ts';
import { programFromTermtype } from './terminal-program.ts';
import type { TerminalProgram } from './terminal-program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a multiplexer says about itself and about the terminal outside of it. */
export type MultiplexerAnswer =
  | {
      readonly kind: 'answered';
      readonly version: string | undefined;
      /** Undefined when no client is attached, or when its terminal never named itself. */
      readonly terminal: TerminalProgram | undefined;
      readonly termtype: string | undefined;
      readonly termname: string | undefined;
      /** Options that decide which keys and colours get through. */
      readonly options: Readonly<Record<string, string>>;
    }
  /** Why it was not asked, or gave no answer. */
  | { readonly kind: 'unknown'; readonly reason: string };

const TMUX_OPTIONS = [
  'extended-keys',
  'xterm-keys',
  'allow-passthrough',
  'set-clipboard',
  'focus-events',
  'default-terminal',
] as const;
const SEPARATOR = '\t';

interface Asked {
  readonly env: Environment;
  readonly files: Pick<Files, 'look'>;
  readonly helpers: Helpers;
  /** Effective user, undefined on Windows. */
  readonly uid: number | undefined;
}

/**
 * Asks the tmux server that this shell belongs to. One call answers everything: a format may name options as well as
 * facts of the client. Only a server of the same user is asked.
 */
export async function askTmux({ env, files, helpers, uid }: Asked): Promise<MultiplexerAnswer> {
  const { TMUX = '', TMUX_PANE } = env;
  const [socket = ''] = TMUX.split(',');
  const seen = files.look(socket);
  if (!socket.startsWith('/') || seen.kind !== 'found') return unknown('its socket is gone');
  if (seen.type !== 'socket') return unknown('its socket is something else');
  if (seen.uid !== uid) return unknown(`its socket belongs to user ${seen.uid}`);
  const names = ['version', 'client_termtype', 'client_termname', ...TMUX_OPTIONS];
  const format = names.map((name) => `#{${name}}`).join(SEPARATOR);
  const run = await helpers.run('tmux', ['display-message', '-p', format], {
    env: { TMUX, ...(TMUX_PANE && /^%\d+$/.test(TMUX_PANE) && { TMUX_PANE }) },
  });
  if (run.kind !== 'exited') return unknown(REASONS[run.kind]);
  if (run.exitCode !== 0) return unknown('the server did not answer this version of tmux');
  const [version, termtype, termname, ...values] = run.stdout.replace(/\r?\n$/, '').split(SEPARATOR);
  return {
    kind: 'answered',
    version: version || undefined,
    terminal: programFromTermtype(termtype ?? ''),
    termtype: termtype || undefined,
    termname: termname || undefined,
    options: Object.fromEntries(
      TMUX_OPTIONS.map((name, index) => [name, optionText(values[index] ?? '')] as const),
    ),
  };
}

/** A format prints flags as numbers, and nothing for an option that this version does not know. */
const optionText = (value: string): string => ({ '': 'unavailable', '0': 'off', '1': 'on' })[value] ?? value;

/** Zellij tells its version in a variable since 0.36; older ones are asked. */
export async function askZellij({
  env,
  helpers,
}: Pick<Asked, 'env' | 'helpers'>): Promise<MultiplexerAnswer> {
  const answer = {
    kind: 'answered',
    terminal: undefined,
    termtype: undefined,
    termname: undefined,
    options: {},
  } as const;
  const { ZELLIJ_VERSION } = env;
  if (ZELLIJ_VERSION) return { ...answer, version: ZELLIJ_VERSION };
  const run = await helpers.run('zellij', ['--version']);
  if (run.kind !== 'exited') return unknown(REASONS[run.kind]);
  return { ...answer, version: /^zellij (\S+)/.exec(run.stdout)?.[1] };
}

/** GNU screen leaves no version behind, and asking it would need its socket. */
export const screenAnswer: MultiplexerAnswer = {
  kind: 'answered',
  version: undefined,
  terminal: undefined,
  termtype: undefined,
  termname: undefined,
  options: {},
};

const unknown = (reason: string): MultiplexerAnswer => ({ kind: 'unknown', reason });

const REASONS = {
  not_found: 'its program is not on PATH',
  untrusted: 'its program could have been put there by others',
  disabled: 'not asked because of --no-exec',
  timeout: 'it gives no answer',
  signalled: 'its program crashes',
  noise: 'its answer is not one',
  spawn_failed: 'its program cannot be started',
} as const;
