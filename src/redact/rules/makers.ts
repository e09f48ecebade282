import { MODEL_AND_CODE_TOKENS } from './model-and-code-tokens.ts';
import { isTokenStart } from './rule.ts';
import type { Range, RedactionRule } from './rule.ts';
import { SERVICE_TOKENS } from './service-tokens.ts';
import type { TokenShape } from './token-shape.ts';

/** One rule for each shape of token that tells by its beginning who made it. */
export const MAKER_RULES: readonly RedactionRule[] = [...MODEL_AND_CODE_TOKENS, ...SERVICE_TOKENS].map(
  (shape) => ({
    id: shape.id,
    finds: `Tokens of ${shape.maker}`,
    hints: shape.prefixes,
    // A prefix that is also the beginning of names is none to be sure of.
    confident: shape.accepts === undefined,
    find: byPrefix(shape),
  }),
);

function byPrefix({ prefixes, body, accepts = () => true }: TokenShape): RedactionRule['find'] {
  let compiled: RegExp | undefined;
  return function* find(text, places): Generator<Range> {
    const pattern = (compiled ??= new RegExp(body, 'y'));
    if (places) {
      let covered = 0;
      for (const start of places) {
        const prefix = prefixes.find((candidate) => text.startsWith(candidate, start));
        if (prefix === undefined || start < covered || !isTokenStart(text, start)) continue;
        pattern.lastIndex = start + prefix.length;
        if (!pattern.test(text)) continue;
        covered = pattern.lastIndex;
        if (accepts(text.slice(start, covered))) yield { start, end: covered };
      }
      return;
    }
    for (const prefix of prefixes) {
      let start = text.indexOf(prefix);
      while (start !== -1) {
        let next = start + 1;
        if (isTokenStart(text, start)) {
          pattern.lastIndex = start + prefix.length;
          if (pattern.test(text)) {
            // A body that was read is never read again, whatever it turns out to be: that keeps the search linear.
            next = pattern.lastIndex;
            if (accepts(text.slice(start, next))) yield { start, end: next };
          }
        }
        start = text.indexOf(prefix, next);
      }
    }
  };
}
