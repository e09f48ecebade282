import { multiplexerOf, terminalProgram } from './terminal-program.ts';

interface LinkInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
}

/**
 * Emulators that follow OSC 8, and from which version on where older ones are still met. From the list at
 * https://github.com/Alhadis/OSC8-Adoption and the release notes of each; what is not in it may print the address as text.
 */
const SINCE: Readonly<Record<string, string>> = {
  Alacritty: '0.11',
  Contour: '0.1',
  Cursor: '0',
  foot: '1.7',
  Ghostty: '0',
  Hyper: '0',
  iTerm2: '3.1',
  kitty: '0.19',
  Konsole: '20.12',
  Rio: '0.1',
  Tabby: '0',
  'VS Code': '1.72',
  VTE: '0.51',
  'GNOME Terminal': '0',
  Ptyxis: '0',
  Terminator: '0',
  Tilix: '0',
  Warp: '0',
  Wave: '0',
  WezTerm: '20200620',
  'Windows Terminal': '0',
  Zed: '0',
};

/** Those are VTE in a window; its version decides. */
const DRAWN_BY_VTE: ReadonlySet<string> = new Set(['VTE', 'GNOME Terminal', 'Ptyxis', 'Terminator', 'Tilix']);
/** The first that hands links on. */
const TMUX_SINCE = '3.4';

/**
 * Whether the terminal follows OSC 8 hyperlinks: `FORCE_HYPERLINK` (0 says no), otherwise on a terminal outside of CI whose
 * program is known to. Colour is another question.
 */
export function supportsLinks({ env, stdoutIsTerminal }: LinkInputs): boolean {
  const forced = env['FORCE_HYPERLINK'];
  if (forced) return forced !== '0' && forced !== 'false';
  if (!stdoutIsTerminal || env['TERM'] === 'dumb' || env['CI'] || env['TEAMCITY_VERSION']) return false;
  const multiplexer = multiplexerOf(env);
  if (multiplexer === 'tmux')
    return env['TERM_PROGRAM'] === 'tmux' && isAtLeast(env['TERM_PROGRAM_VERSION'], TMUX_SINCE);
  if (multiplexer !== undefined) return false;
  const { name = '', version } = terminalProgram(env);
  const since = Object.hasOwn(SINCE, name) ? SINCE[name] : undefined;
  if (since === undefined) return false;
  if (DRAWN_BY_VTE.has(name) && env['VTE_VERSION'])
    return isAtLeast(vteVersion(env['VTE_VERSION']), SINCE['VTE'] ?? '');
  // Without a version it is one of today: those that are too old say it, or ignore what they do not know.
  return version === undefined || isAtLeast(name === 'Konsole' ? konsoleVersion(version) : version, since);
}

/** `5202` is 0.52.2. */
const vteVersion = (text: string): string =>
  /^\d{4,5}$/.test(text) ? `0.${Number(text.slice(0, -2))}.${Number(text.slice(-2))}` : text;

/** `201203` is 20.12.3. */
const konsoleVersion = (text: string): string => text.replace(/^(\d\d)(\d\d)(\d\d)$/, '$1.$2.$3');

function isAtLeast(version: string | undefined, least: string): boolean {
  const [have, need] = [version ?? '', least].map((text) => text.split(/[^\d]+/).map(Number));
  for (const [index, part] of (need ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
