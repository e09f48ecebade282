import { findSecrets } from '../../redact/find.ts';

const CHECK_ID = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/;
/** Longer than any id that somebody chose. */
const LONGEST = 100;

/**
 * Ids as reports may have them. They leave as they are past every redactor, since programs match on them, so what is no
 * id, holds a secret, or is the name of something that every object has becomes one that is harmless.
 */
export function checkIdOf(value: unknown): string {
  const text = typeof value === 'string' ? value.slice(0, LONGEST) : '';
  if (value === text && CHECK_ID.test(text)) {
    if (text in {}) return `row.${text}`;
    if (findSecrets(text).length === 0) return text;
  }
  const similar = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '_')
    .split('.')
    .filter((part) => part !== '')
    .join('.');
  return similar === '' || similar === '_' || findSecrets(text).length > 0 || findSecrets(similar).length > 0
    ? 'row'
    : `row.${similar}`;
}
