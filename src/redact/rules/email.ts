import { AFTER_ESCAPE, byPattern } from './rule.ts';
import type { Found, RedactionRule } from './rule.ts';

/** What may stand at the end of `name@something` without being a top-level domain: units, files. */
const NOT_A_DOMAIN =
  /\.(?:service|socket|timer|target|slice|scope|mount|device|path|png|jpe?g|gif|svg|webp|js|mjs|cjs|ts|json|toml|yaml|yml|md|txt|lock|rc|alpha|beta|next|latest|canary|nightly)$/i;
/** Names before the `@` that name a protocol's account, not a person. */
const ACCOUNTS = /^(?:git|hg|svn|npm|root)$/i;
function isAddress({ secret }: Found): boolean {
  const name = secret.split(/@|%40/i, 1)[0] ?? '';
  return !NOT_A_DOMAIN.test(secret) && !ACCOUNTS.test(name);
}

/** Letters and digits of any script; ranges, since Unicode properties cost milliseconds to compile. */
const LETTER = String.raw`A-Za-z0-9\u00c0-\u1fff\u2c00-\udfff\uf900-\ufffd`;

const IN_NAME = new RegExp(`[${LETTER}_.+'-]`);
const IN_HOST = new RegExp(`[${LETTER}]`);

/** An `@` with a part of a name on both sides, or one that is written out. */
function isBetweenWords(text: string, place: number): boolean {
  return (
    text.charAt(place) !== '@' ||
    (IN_NAME.test(text.charAt(place - 1)) && IN_HOST.test(text.charAt(place + 1)))
  );
}

export const EMAIL_RULE: RedactionRule = {
  id: 'email',
  finds: 'E-mail addresses',
  hints: ['@', '%40'],
  find: byPattern({
    mayStandAt: isBetweenWords,
    before: 64,
    after: 128,
    // `package@1.2.3` is a version.
    source: String.raw`(?:(?<![\w.+-])|${AFTER_ESCAPE})[${LETTER}_.+'-]{1,64}(?:@|%40)(?!\d+\.\d)[${LETTER}][${LETTER}-]{0,62}(?:\.[${LETTER}-]{1,63}){0,6}\.(?:[A-Za-z\u00c0-\udfff]{2,24}|xn--[a-z0-9-]{2,58})(?![${LETTER}])`,
    accepts: isAddress,
  }),
};
