import { visibleInOneLine } from '../../redact/control.ts';
import { Secret } from '../../redact/secret.ts';
import type { RequestHeaders } from '../network.ts';

/** Makes text that a server sent fit to be shown: without control characters, short, and without our own secrets. */
export type Shown = (text: string, maxLength?: number) => string;

/** Header values that tell something are shorter: the longest is a list of content types. */
const MAX_VALUE_LENGTH = 200;
/** A shorter value cannot be told from a word or a number that stands in an answer by chance. */
const MIN_SECRET_LENGTH = 6;
const HIDDEN = '<hidden>';

/**
 * Some servers repeat what they were sent, as in `Cannot GET /models?key=…`: what is secret in a request is hidden
 * wherever its answer shows it again.
 */
export function createShown(url: URL, headers: RequestHeaders): Shown {
  const secrets = secretsOf(url, headers);
  return (text, maxLength = MAX_VALUE_LENGTH) => {
    const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    return visibleInOneLine(hidden.slice(0, maxLength));
  };
}

function secretsOf(url: URL, headers: RequestHeaders): readonly string[] {
  const values = Object.values(headers)
    .filter((value) => value instanceof Secret)
    .map((value) => value.reveal());
  const query = url.search.slice(1).split('&');
  const texts = [
    ...values,
    // Of `Bearer <token>` the token alone may come back.
    ...values.map((value) => value.replace(/^\S+\s+/, '')),
    url.username,
    url.password,
    ...query.map((pair) => pair.slice(pair.indexOf('=') + 1)),
    ...url.searchParams.values(),
  ];
  return [...new Set(texts.flatMap((text) => [text, decoded(text)]))]
    .filter((text) => text.length >= MIN_SECRET_LENGTH)
    .toSorted((one, other) => other.length - one.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
