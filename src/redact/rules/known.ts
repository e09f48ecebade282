import { formsOfSecrets } from '../hide.ts';
import { isHarmless } from '../opaque.ts';
import type { Secret } from '../secret.ts';
import type { Range, RedactionRule } from './rule.ts';

/** As many characters of a form tell which ones to compare. */
const KEY_LENGTH = 4;
/** Where this much of a form stands, the whole is compared. A token of kilobytes as a hint costs milliseconds to prepare. */
const HINT_LENGTH = 16;

/**
 * Rules for values that are known to be secret: whole or in their parts, plain or encoded, in capitals. However many there
 * are, a text is compared with few of them.
 */
export function rulesForSecrets(secrets: readonly Secret[]): RedactionRule[] {
  // Words that say something about a secret stand in every text.
  const forms = formsOfSecrets(secrets.map((secret) => secret.reveal())).filter((form) => !isHarmless(form));
  const [ascii, other] = [forms.filter(isAscii), forms.filter((form) => !isAscii(form))];
  // Capitals of other letters are not compared: hardly any secret has such letters, and no program changes them.
  return [
    ...ruleFor([...new Set(ascii.map((form) => form.toLowerCase()))], { ignoreCase: true }),
    ...ruleFor(other, { ignoreCase: false }),
  ];
}

function ruleFor(
  forms: readonly string[],
  { ignoreCase }: { readonly ignoreCase: boolean },
): RedactionRule[] {
  if (forms.length === 0) return [];
  const byKey = Map.groupBy(forms, (form) => form.slice(0, KEY_LENGTH));
  return [
    {
      id: 'known-secret',
      finds: 'Secrets of the examined home, wherever they stand',
      hints: [...new Set(forms.map((form) => form.slice(0, HINT_LENGTH)))],
      ignoreCase,
      confident: true,
      *find(text, places): Generator<Range> {
        const partAt = (start: number, length: number): string => {
          const part = text.slice(start, start + length);
          return ignoreCase ? part.toLowerCase() : part;
        };
        let end = 0;
        for (const start of places ?? indexesOf(text)) {
          const form = byKey
            .get(partAt(start, KEY_LENGTH))
            ?.find((candidate) => partAt(start, candidate.length) === candidate);
          if (form === undefined || start + form.length <= end) continue;
          end = start + form.length;
          yield { start, end };
        }
      },
    },
  ];
}

function* indexesOf(text: string): Generator<number> {
  for (let index = 0; index < text.length; index += 1) yield index;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
