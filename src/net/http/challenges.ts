/** No server offers more ways to sign in. */
const MAX_SCHEMES = 8;
const TOKEN = String.raw`[!#$%&'*+.^_\x60|~\w-]{1,40}`;
/** A scheme stands alone or before a space; a parameter's name stands before an equals sign. */
const SCHEME = new RegExp(String.raw`^(${TOKEN})(?:\s+(?!\s*=)|$)`);
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)/gs;

/**
 * Schemes of `WWW-Authenticate` or `Proxy-Authenticate` fields (RFC 9110 section 11.6.1), such as `Basic` or
 * `Negotiate`, each once. Their parameters are left out: a realm may name a user, a token68 may hold one.
 */
export function readChallenges(values: readonly string[]): readonly string[] {
  const schemes = values
    .flatMap((value) => value.replaceAll(QUOTED, '""').split(','))
    .flatMap((part) => SCHEME.exec(part.trim())?.[1] ?? []);
  return [...new Set(schemes)].slice(0, MAX_SCHEMES);
}
