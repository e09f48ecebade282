import { byPattern } from './rule.ts';
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

export const EMAIL_RULE: RedactionRule = {
  id: 'email',
  finds: 'E-mail addresses',
  hints: ['@', '%40'],
  find: byPattern({
    // A digit right behind the `@` begins a version (`package@1.2.3`) unless letters make it a host name.
    source: String.raw`(?:(?<![\w.+-])|(?<=\\[nrtbf]|%[0-9a-f]{2}))(?:[\p{L}\p{N}_.+'-]){1,64}(?:@|%40)(?!\d+\.\d)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}))(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.(?:\p{L}{2,24}|xn--[a-z0-9-]{2,58})(?![\p{L}\p{N}])`,
    flags: 'iu',
    accepts: isAddress,
  }),
};
