import type { BodyFacts, HttpAnswer } from '../outcome.ts';
import { readChallenges } from './challenges.ts';
import type { Shown } from './shown.ts';

/** The head of an answer as undici, ws and `node:http` give it: names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly httpVersion: string;
  readonly headers: AnswerHeaders;
  /** Wall time when the head came, milliseconds since the epoch. */
  readonly atMs: number;
}

export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const PROXY_AUTHENTICATION_REQUIRED = 407;

/**
 * What a report may hold of an answer. Headers are picked by name, and none is trusted to be what it should.
 * @param url what was asked for; a redirect is relative to it
 */
export function readAnswer(head: AnswerHead, body: BodyFacts, { url, shown }: Asked): HttpAnswer {
  const { status, httpVersion, headers, atMs } = head;
  const get = (name: string): string | undefined => {
    const value = first(headers, name);
    return value === undefined || value.trim() === '' ? undefined : shown(value.trim());
  };
  const dateMs = readHttpDate(first(headers, 'date'));
  return {
    status,
    httpVersion,
    ...present('server', get('server')),
    ...present('contentType', get('content-type')),
    ...present('dateMs', dateMs),
    ...present('retryAfterMs', readRetryAfter(first(headers, 'retry-after'), dateMs ?? atMs)),
    ...present('redirect', readRedirect(head, { url, shown })),
    ...present('requestId', get('x-request-id') ?? get('x-oai-request-id')),
    ...present('cfRay', get('cf-ray')),
    ...present('cfMitigated', get('cf-mitigated')),
    ...present('authError', get('x-openai-authorization-error')),
    ...present('authErrorCode', readErrorCode(first(headers, 'x-error-json'), shown)),
    challenges: readChallenges(
      all(headers, status === PROXY_AUTHENTICATION_REQUIRED ? 'proxy-authenticate' : 'www-authenticate'),
    ).map((scheme) => shown(scheme)),
    body,
  };
}

/** What an answer is read against. */
export interface Asked {
  readonly url: URL;
  readonly shown: Shown;
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

export function all(headers: AnswerHeaders, name: string): readonly string[] {
  const value = headers[name];
  return typeof value === 'string' ? [value] : (value ?? []);
}

export const first = (headers: AnswerHeaders, name: string): string | undefined => all(headers, name)[0];

/** The three forms of RFC 9110 section 5.6.7 begin with the name of a day. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? [\w :-]{1,40}$/;

/** Milliseconds since the epoch. */
export function readHttpDate(value: string | undefined): number | undefined {
  if (value === undefined || !HTTP_DATE.test(value)) return undefined;
  // The oldest form names no time zone and means GMT all the same.
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(time) ? undefined : time;
}

/** @param nowMs the server's own clock where it told one, so that a wrong clock of ours does no harm */
function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value.trim())) return Number(value) * 1_000;
  const time = readHttpDate(value.trim());
  return time === undefined ? undefined : Math.max(0, time - nowMs);
}

function readRedirect(
  { status, headers }: AnswerHead,
  { url, shown }: Asked,
): HttpAnswer['redirect'] | undefined {
  const location = first(headers, 'location');
  if (status < 300 || status > 399 || location === undefined) return undefined;
  const target = URL.parse(location, url.href);
  if (!target || !/^(?:https?|wss?):$/.test(target.protocol)) return undefined;
  return {
    origin: shown(target.origin),
    isSameOrigin: target.origin === url.origin,
    isSameSite: siteOf(target.hostname) === siteOf(url.hostname),
  };
}

/** The last two labels of a name: close enough to tell a stranger, and never taken for more. */
function siteOf(hostname: string): string {
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return isAddress ? hostname : hostname.split('.').slice(-2).join('.');
}

/** `error.code` of the standard base64 JSON (spec/transport.md 5.3); whatever cannot be decoded counts as absent. */
function readErrorCode(value: string | undefined, shown: Shown): string | undefined {
  if (value === undefined || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value))
    return undefined;
  try {
    const decoded = JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as {
      readonly error?: { readonly code?: unknown };
    } | null;
    const code = decoded?.error?.code;
    return typeof code === 'string' && code !== '' ? shown(code) : undefined;
  } catch {
    return undefined;
  }
}
