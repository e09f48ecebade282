import { expect, test } from 'vitest';
import { isKeybinding } from './keybinding.ts';

// As codex 0.169 accepts and refuses them.
test.each([
  ['a', true],
  ['?', true],
  ['Ctrl-A', true],
  ['control-shift-a', true],
  ['option-enter', true],
  ['f24', true],
  ['f25', false],
  ['page-up', true],
  ['pgdn', true],
  ['ctrl-minus', true],
  ['g g', true],
  ['ctrl-x ctrl-c', true],
  ['leader c', true],
  ['leader', false],
  ['leader leader a', false],
  ['a b c', false],
  ['ctrl+a', false],
  ['C-a', false],
  ['meta-a', false],
  ['ctrl-', false],
  ['-', false],
  ['ctrl', false],
  ['insert', false],
  ['é', false],
  ['', false],
  [' ', false],
])('%j: %j', (text, expected) => expect(isKeybinding(text)).toBe(expected));
