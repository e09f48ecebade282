import { RE2JS, RE2JSException } from 're2js';

/** Written by hand into a line of a file. */
export const MAX_PATTERN_LENGTH = 500;
/**
 * As much of a text as a pattern is tried on. RE2 takes time in proportion to pattern and text, never more: the worst
 * pattern of that length stays in the order of a second.
 */
export const MAX_MATCHED_LENGTH = 256 * 1024;

/** What is wrong with a pattern, as RE2 says it, or undefined. */
export function problemOfPattern(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSException) return error.message.replace(/^error parsing regexp: /, '');
    throw error;
  }
}

/** Whether a pattern is found in the first part of a text. `^` and `$` mean the whole text, `(?m)` makes them lines. */
export const isFoundIn = (pattern: string, text: string): boolean =>
  RE2JS.compile(pattern).matcher(text.slice(0, MAX_MATCHED_LENGTH)).find();
