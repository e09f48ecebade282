import { expect, test } from 'vitest';
import { readPrompt } from './read-input.ts';
import type { StandardInput } from '../standard-input.ts';

const terminal: StandardInput = {
  isTerminal: true,
  read: () => Promise.reject(new Error('a terminal is not read unless asked')),
};
const piped = (text: string): StandardInput => ({
  isTerminal: false,
  read: () => Promise.resolve(Buffer.from(text)),
});
const silent = (): void => undefined;

test.each<[string, string | undefined, StandardInput, string]>([
  ['an argument at a terminal', 'listen', terminal, 'listen'],
  ['standard input alone', undefined, piped('listen\n'), 'listen\n'],
  ['standard input by its name', '-', piped('listen'), 'listen'],
  ['a terminal by its name', '-', { ...piped('typed'), isTerminal: true }, 'typed'],
  ['both', 'listen to', piped('a log'), 'listen to\n\n<stdin>\na log\n</stdin>'],
  ['an argument beside an empty pipe', 'listen', piped(''), 'listen'],
])('%s', async (_name, given, input, text) =>
  expect(await readPrompt(given, input, silent)).toEqual({ kind: 'prompt', text }),
);

test.each<[string, string | undefined, StandardInput, RegExp]>([
  ['nothing at a terminal', undefined, terminal, /no prompt/],
  ['white space', ' ', terminal, /no prompt/],
  ['an empty pipe', undefined, piped(' \n'), /no prompt/],
  [
    'what is no text',
    undefined,
    { ...terminal, isTerminal: false, read: () => Promise.resolve(Buffer.from([0xff, 0xfe, 0, 0])) },
    /UTF-32/,
  ],
  [
    'too much',
    undefined,
    { isTerminal: false, read: () => Promise.resolve(undefined) },
    /larger than 32\.0 MB/,
  ],
])('%s is a problem that is named', async (_name, given, input, message) =>
  expect(await readPrompt(given, input, silent)).toEqual({
    kind: 'problem',
    message: expect.stringMatching(message),
  }),
);
