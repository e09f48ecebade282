type Environment = Readonly<Record<string, string | undefined>>;

export interface TerminalProgram {
  /** As the product spells itself; undefined when nothing tells. */
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** What a terminal emulator leaves in the environment. */
interface Trace {
  readonly name: string;
  /** Spellings of `TERM_PROGRAM`, lower case, without blanks and `-_.`. */
  readonly programs?: readonly string[];
  /** Variables that only this emulator sets. */
  readonly variables?: readonly string[];
  /** Holds its version when `TERM_PROGRAM_VERSION` does not. */
  readonly versionVariable?: string;
  /** Values of `TERM` that only this emulator uses. */
  readonly terms?: RegExp;
}

/** In the order in which variables are believed: what an emulator sets inside another one comes first. */
const EMULATORS: readonly Trace[] = [
  { name: 'Cursor', variables: ['CURSOR_TRACE_ID'] },
  { name: 'VS Code', programs: ['vscode'], variables: ['VSCODE_INJECTION'] },
  { name: 'Zed', programs: ['zed'], variables: ['ZED_TERM'] },
  { name: 'JetBrains terminal', programs: ['jetbrainsjediterm', 'jediterm'] },
  { name: 'Emacs', variables: ['INSIDE_EMACS'] },
  { name: 'Ghostty', programs: ['ghostty'], variables: ['GHOSTTY_RESOURCES_DIR'], terms: /^xterm-ghostty$/ },
  {
    name: 'WezTerm',
    programs: ['wezterm'],
    variables: ['WEZTERM_VERSION'],
    versionVariable: 'WEZTERM_VERSION',
    terms: /^wezterm/,
  },
  {
    name: 'iTerm2',
    programs: ['iterm', 'iterm2', 'itermapp'],
    variables: ['ITERM_SESSION_ID', 'ITERM_PROFILE', 'ITERM_PROFILE_NAME'],
  },
  { name: 'Warp', programs: ['warp', 'warpterminal'], variables: ['WARP_IS_LOCAL_SHELL_SESSION'] },
  { name: 'kitty', programs: ['kitty'], variables: ['KITTY_WINDOW_ID'], terms: /kitty/ },
  {
    name: 'Alacritty',
    programs: ['alacritty'],
    variables: ['ALACRITTY_SOCKET', 'ALACRITTY_WINDOW_ID'],
    terms: /^alacritty/,
  },
  { name: 'Rio', programs: ['rio'], terms: /^(?:xterm-)?rio$/ },
  { name: 'foot', programs: ['foot'], terms: /^foot/ },
  { name: 'Contour', programs: ['contour'], versionVariable: 'TERMINAL_VERSION_STRING', terms: /^contour/ },
  { name: 'Tabby', programs: ['tabby'], variables: ['TABBY_CONFIG_DIRECTORY'] },
  { name: 'Hyper', programs: ['hyper'] },
  { name: 'Wave', programs: ['waveterm'], variables: ['WAVETERM'] },
  { name: 'mintty', programs: ['mintty'] },
  { name: 'Rex', programs: ['rex'] },
  { name: 'Termux', programs: ['termux'], variables: ['TERMUX_VERSION'], versionVariable: 'TERMUX_VERSION' },
  {
    name: 'Konsole',
    programs: ['konsole'],
    variables: ['KONSOLE_VERSION'],
    versionVariable: 'KONSOLE_VERSION',
  },
  { name: 'Ptyxis', programs: ['ptyxis'], variables: ['PTYXIS_VERSION'], versionVariable: 'PTYXIS_VERSION' },
  { name: 'Tilix', variables: ['TILIX_ID'] },
  { name: 'Terminator', variables: ['TERMINATOR_UUID'] },
  { name: 'GNOME Terminal', programs: ['gnometerminal'], variables: ['GNOME_TERMINAL_SCREEN'] },
  { name: 'VTE', programs: ['vte'], variables: ['VTE_VERSION'], versionVariable: 'VTE_VERSION' },
  { name: 'Windows Terminal', programs: ['windowsterminal'], variables: ['WT_SESSION'] },
  { name: 'ConEmu', variables: ['ConEmuPID'] },
  { name: 'Apple Terminal', programs: ['appleterminal'] },
  { name: 'xterm', programs: ['xterm'], variables: ['XTERM_VERSION'], versionVariable: 'XTERM_VERSION' },
  { name: 'urxvt', programs: ['rxvt', 'urxvt'], terms: /^rxvt/ },
  { name: 'st', terms: /^st(?:-|$)/ },
  { name: 'Linux console', terms: /^linux$/ },
];

/** Multiplexers call themselves a terminal; who draws the screen is somebody else. */
const MULTIPLEXERS = ['tmux', 'screen', 'zellij'];

/** Whether `TERM_PROGRAM` names a multiplexer instead of the terminal outside of it. */
export const namesMultiplexer = (program: string): boolean => MULTIPLEXERS.includes(normalized(program));

/** Names the emulator from what it left in the environment: `TERM_PROGRAM`, then variables of its own, then `TERM`. */
export function terminalProgram(env: Environment): TerminalProgram {
  const named = (env['TERM_PROGRAM'] || env['TERMINAL_EMULATOR'] || env['TERMINAL_NAME'] || '').trim();
  const program = normalized(named);
  const isOuter = program !== '' && !namesMultiplexer(program);
  const byProgram = isOuter ? EMULATORS.find(({ programs }) => programs?.includes(program)) : undefined;
  // Editors built on VS Code keep its TERM_PROGRAM and add a variable of their own.
  const isFork = byProgram?.name === 'VS Code' && env['CURSOR_TRACE_ID'];
  if (byProgram)
    return {
      name: isFork ? 'Cursor' : byProgram.name,
      version: env['TERM_PROGRAM_VERSION'] || versionFrom(byProgram, env),
    };
  if (isOuter) return { name: named, version: env['TERM_PROGRAM_VERSION'] || undefined };
  const trace =
    EMULATORS.find(({ variables }) => variables?.some((variable) => env[variable])) ??
    EMULATORS.find(({ terms }) => terms?.test(env['TERM'] ?? ''));
  return { name: trace?.name, version: trace && versionFrom(trace, env) };
}

/** The spelling that a terminal answers to tmux, such as `ghostty 1.3.2`; undefined when it answered nothing. */
export function programFromTermtype(termtype: string): TerminalProgram | undefined {
  const [, word, version] = /^([^\s(]+)[\s(]*([^\s)]*)/.exec(termtype) ?? [];
  if (word === undefined) return undefined;
  const known = EMULATORS.find(({ programs }) => programs?.includes(normalized(word)));
  return { name: known?.name ?? word, version: version || undefined };
}

const versionFrom = ({ versionVariable }: Trace, env: Environment): string | undefined =>
  (versionVariable && env[versionVariable]) || undefined;

const normalized = (name: string): string => name.toLowerCase().replaceAll(/[\s._-]/g, '');

export type Multiplexer = 'tmux' | 'zellij' | 'screen';

/** The multiplexer that this shell runs in, told from its variables. */
export function multiplexerOf(env: Environment): Multiplexer | undefined {
  if (env['TMUX']?.trim() || env['TMUX_PANE']?.trim()) return 'tmux';
  if (env['ZELLIJ'] || env['ZELLIJ_SESSION_NAME'] || env['ZELLIJ_VERSION']) return 'zellij';
  return env['STY'] ? 'screen' : undefined;
}
