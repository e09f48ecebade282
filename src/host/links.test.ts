import { expect, test } from 'vitest';
import { supportsLinks } from './links.ts';

type Environment = Readonly<Record<string, string>>;

test.each<[string, Environment, boolean]>([
  ['iTerm2', { TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' }, true],
  ['an old iTerm2', { TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.15' }, false],
  ['VS Code', { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.105.1' }, true],
  ['an old VS Code', { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.71.2' }, false],
  ['Cursor', { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '0.42', CURSOR_TRACE_ID: 'x' }, true],
  ['Ghostty', { TERM_PROGRAM: 'ghostty', TERM: 'xterm-ghostty' }, true],
  ['kitty', { TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1' }, true],
  ['WezTerm', { TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22' }, true],
  ['Windows Terminal', { WT_SESSION: 'a-b' }, true],
  ['VTE 0.52', { VTE_VERSION: '5202' }, true],
  ['VTE 0.74 in GNOME Terminal', { VTE_VERSION: '7402', GNOME_TERMINAL_SCREEN: '/x' }, true],
  ['VTE 0.50, which ends with a fault', { VTE_VERSION: '5000' }, false],
  ['VTE 0.48 in GNOME Terminal', { VTE_VERSION: '4803', GNOME_TERMINAL_SCREEN: '/x' }, false],
  ['Konsole 20.12', { KONSOLE_VERSION: '201200' }, true],
  ['Konsole 19.08', { KONSOLE_VERSION: '190803' }, false],
  ['Alacritty', { TERM: 'alacritty' }, true],
  ['foot', { TERM: 'foot' }, true],
  ['xterm', { TERM: 'xterm-256color', XTERM_VERSION: 'XTerm(390)' }, false],
  ['Apple Terminal', { TERM_PROGRAM: 'Apple_Terminal' }, false],
  ['the Linux console', { TERM: 'linux' }, false],
  ['nothing that is known', { TERM: 'xterm-256color' }, false],
  ['a terminal called like a member of every object', { TERM_PROGRAM: 'constructor' }, false],
  ['tmux 3.5', { TMUX: 'x', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.5a' }, true],
  ['tmux 3.3', { TMUX: 'x', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a' }, false],
  ['GNU screen within kitty', { STY: 'x', KITTY_WINDOW_ID: '1' }, false],
  ['a dumb one', { TERM: 'dumb', WT_SESSION: 'x' }, false],
  ['CI', { CI: 'true', TERM_PROGRAM: 'ghostty' }, false],
  ['TeamCity', { TEAMCITY_VERSION: '2026.1', TERM_PROGRAM: 'ghostty' }, false],
  ['one without colour', { NO_COLOR: '1', TERM_PROGRAM: 'ghostty' }, true],
  ['one where links are forbidden', { FORCE_HYPERLINK: '0', TERM_PROGRAM: 'ghostty' }, false],
  ['one where links are forced', { FORCE_HYPERLINK: '1', TERM: 'linux' }, true],
])('%s', (_what, env, expected) => {
  expect(supportsLinks({ env, stdoutIsTerminal: true })).toBe(expected);
});

test.each<[Environment, boolean]>([
  [{ TERM_PROGRAM: 'ghostty' }, false],
  [{ FORCE_HYPERLINK: '1' }, true],
  [{ FORCE_HYPERLINK: '' }, false],
])('into a pipe with %j', (env, expected) => {
  expect(supportsLinks({ env, stdoutIsTerminal: false })).toBe(expected);
});
