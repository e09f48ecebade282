import { visibleInOneLine } from '../../src/redact/control.ts';
import { cut } from '../cut.ts';

/*
 * Foreign text inside of GitHub's Markdown. Whatever it is, it stays text: it opens no HTML, link, picture, table cell or
 * list, and what GitHub does after rendering (mentions, references to issues, pictures for `:names:`, links for bare
 * addresses) finds nothing to work on.
 */

/** Of one text: a reader who needs more takes the JSON. */
const TEXT_CHARACTERS = 400;
/** Of a command, which is of no use when it is cut. */
const COMMAND_CHARACTERS = 4_000;

const oneLine = (text: string, limit: number): string => cut(visibleInOneLine(text), limit).trim();

/** A zero-width space, which a reader does not see and a matcher does not pass. */
const BREAK = '\u200B';

/**
 * What renderers look for in finished text: `@name` and addresses of mail, `#1`, `GH-1`, `https://`, `www.`, `:name:`.
 */
const broken = (text: string): string =>
  text
    .replaceAll('@', `@${BREAK}`)
    .replaceAll(/(#|\bgh-)(?=\d)/gi, `$1${BREAK}`)
    .replaceAll('//', `/${BREAK}/`)
    .replaceAll(/\bwww\./gi, `www.${BREAK}`)
    .replaceAll(/:(?=[\w+-]+:)/g, `:${BREAK}`);

/** Characters that mean something in the middle of a line; at its beginning stands a word of ours. */
const MARKUP = /[\\`*_[\]~^!]/g;
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A backslash before it is read differently by different readers of tables.
  '|': '&#124;',
  $: '&#36;',
  [BREAK]: '&#8203;',
};
const withEntities = (text: string): string =>
  text.replaceAll(/[&<>|$\u200B]/g, (character) => ENTITY[character] ?? character);

/** A sentence, to stand inside of a line or a cell. */
export const prose = (text: string): string =>
  withEntities(broken(oneLine(text, TEXT_CHARACTERS)).replaceAll(MARKUP, String.raw`\$&`));

/** A value, to stand inside of a line or a cell, as it is. */
export function code(text: string, limit = TEXT_CHARACTERS): string {
  const line = oneLine(text, limit);
  if (line === '') return '(empty)';
  if (!/[`|\\]/.test(line)) return `\`${line}\``;
  // Backticks, bars and backslashes cannot be escaped in a code span, nor alike in all tables.
  const entities = broken(line).replaceAll(
    /[^\p{Letter}\p{Number} ]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `<code>${entities}</code>`;
}

/** A command in a block of its own, to be copied. */
export function commandBlock(command: string): string {
  const line = oneLine(command, COMMAND_CHARACTERS);
  const longest = Math.max(2, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${line}\n${fence}`;
}
