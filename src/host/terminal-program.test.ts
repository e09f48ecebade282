import { expect, test } from 'vitest';
import { multiplexerOf, programFromTermtype, terminalProgram } from './terminal-program.ts';

test.each<[Record<string, string>, string | undefined, string | undefined]>([
  [{}, undefined, undefined],
  [{ TERM_PROGRAM: 'Apple_Terminal', TERM_PROGRAM_VERSION: '455' }, 'Apple Terminal', '455'],
  [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.10' }, 'iTerm2', '3.5.10'],
  [{ TERM_PROGRAM: 'WarpTerminal' }, 'Warp', undefined],
  [{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.95' }, 'VS Code', '1.95'],
  [{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.95', CURSOR_TRACE_ID: 'x' }, 'Cursor', '1.95'],
  [{ TERM_PROGRAM: 'WezTerm', WEZTERM_VERSION: '2024' }, 'WezTerm', '2024'],
  [{ TERM_PROGRAM: 'rio' }, 'Rio', undefined],
  [{ TERM_PROGRAM: 'zed' }, 'Zed', undefined],
  [{ TERM_PROGRAM: 'Tabby' }, 'Tabby', undefined],
  [{ TERM_PROGRAM: 'Hyper', TERM_PROGRAM_VERSION: '3.4.1' }, 'Hyper', '3.4.1'],
  [{ TERM_PROGRAM: 'mintty', TERM_PROGRAM_VERSION: '3.7' }, 'mintty', '3.7'],
  [{ TERM_PROGRAM: 'SomethingNew', TERM_PROGRAM_VERSION: '1' }, 'SomethingNew', '1'],
  [{ TERM_PROGRAM: '   ', TERM: 'foot' }, 'foot', undefined],
  [{ TERMINAL_EMULATOR: 'JetBrains-JediTerm' }, 'JetBrains terminal', undefined],
  [{ TERMINAL_NAME: 'contour', TERMINAL_VERSION_STRING: '0.5' }, 'Contour', '0.5'],
  [{ WT_SESSION: 'guid' }, 'Windows Terminal', undefined],
  [{ KITTY_WINDOW_ID: '1', TERM: 'xterm-kitty' }, 'kitty', undefined],
  [{ KONSOLE_VERSION: '240800' }, 'Konsole', '240800'],
  [{ GNOME_TERMINAL_SCREEN: '/x', VTE_VERSION: '7600' }, 'GNOME Terminal', undefined],
  [{ VTE_VERSION: '7600' }, 'VTE', '7600'],
  [{ TERM: 'xterm-ghostty' }, 'Ghostty', undefined],
  [{ TERM: 'alacritty' }, 'Alacritty', undefined],
  [{ TERM: 'foot-extra' }, 'foot', undefined],
  [{ TERM: 'st-256color' }, 'st', undefined],
  [{ TERM: 'linux' }, 'Linux console', undefined],
  [{ TERM: 'xterm-256color' }, undefined, undefined],
  [{ TERM: 'dumb' }, undefined, undefined],
  [{ TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4' }, undefined, undefined],
  [{ TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4', WEZTERM_VERSION: '2024' }, 'WezTerm', '2024'],
])('%j', (env, name, version) => {
  expect(terminalProgram(env)).toEqual({ name, version });
});

test.each([
  ['ghostty 1.3.2-main-+b0f827665', { name: 'Ghostty', version: '1.3.2-main-+b0f827665' }],
  ['iTerm2 3.5.10', { name: 'iTerm2', version: '3.5.10' }],
  ['WezTerm 20240203', { name: 'WezTerm', version: '20240203' }],
  ['XTerm(379)', { name: 'xterm', version: '379' }],
  ['foot(1.16.2)', { name: 'foot', version: '1.16.2' }],
  ['unheard', { name: 'unheard', version: undefined }],
  ['', undefined],
])('a client of type %j', (termtype, expected) => {
  expect(programFromTermtype(termtype)).toEqual(expected);
});

test.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ TMUX: ' ' }, undefined],
  [{ TMUX: '/tmp/tmux-0/default,1,0' }, 'tmux'],
  [{ TMUX_PANE: '%0' }, 'tmux'],
  [{ ZELLIJ: '0' }, 'zellij'],
  [{ STY: '1.x' }, 'screen'],
  [{ TMUX: 'x', STY: '1.x' }, 'tmux'],
])('multiplexer of %j', (env, expected) => {
  expect(multiplexerOf(env)).toBe(expected);
});
