import { isOpaque } from '../../redact/opaque.ts';
import type { BodyFacts } from '../outcome.ts';
import type { Shown } from './shown.ts';

/** What tells an answer's kind stands in its beginning; a page of an edge is smaller. */
export const MAX_BODY_BYTES = 64 * 1024;

const MAX_TITLE_LENGTH = 120;

/** What was read of a body, decoded. */
export interface BodyRead {
  readonly bytes: Buffer;
  /** How many came over the wire. */
  readonly wireBytes: number;
  readonly isTruncated: boolean;
}

/** The kind of a body by its content first: content types are often wrong, above all those of error pages. */
export function describeBody(
  { bytes, wireBytes, isTruncated }: BodyRead,
  { status, contentType, shown }: { status: number; contentType: string | undefined; shown: Shown },
): BodyFacts {
  const size = { bytes: wireBytes, isTruncated };
  if (bytes.length === 0) return { kind: wireBytes === 0 ? 'empty' : 'binary', ...size };
  const text = decode(bytes);
  if (text === undefined) return { kind: 'binary', ...size };
  const json = parseObject(text);
  if (json !== undefined) return { ...describeJson(json, status, shown), ...size };
  // Cut in the middle it cannot be parsed; nothing but the beginning and the label tell.
  if (isTruncated && /^\s*[[{]/.test(text) && /\bjson\b/i.test(contentType ?? ''))
    return { kind: 'json', ...size };
  if (!isHtml(text, contentType)) return { kind: 'text', ...size };
  const title = titleOf(text, shown);
  return { kind: 'html', ...size, ...(title === undefined ? {} : { title }) };
}

/** Control characters that no text holds. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

function decode(bytes: Buffer): string | undefined {
  try {
    // `stream`: a character cut in two at the end is no fault.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return BINARY.test(text) ? undefined : text;
  } catch {
    const text = bytes.toString('latin1');
    // Old error pages are in Latin-1; anything else that is not UTF-8 is no text for us.
    return text.includes('<') && !BINARY.test(text) ? text : undefined;
  }
}

function parseObject(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

type JsonFacts = Pick<BodyFacts, 'kind' | 'errorCode' | 'errorType'>;

function describeJson(json: object, status: number, shown: Shown): JsonFacts {
  const { error, detail } = json as { readonly error?: unknown; readonly detail?: unknown };
  const hasError = error !== undefined && error !== null && error !== false;
  if (!hasError && (status < 400 || Array.isArray(json))) return { kind: 'json' };
  // Most put it under `error`; the ChatGPT backend under `detail`.
  const { code, type } = (isObject(error) ? error : isObject(detail) ? detail : {}) as {
    readonly code?: unknown;
    readonly type?: unknown;
  };
  return {
    kind: 'json_error',
    ...(isWord(code) ? { errorCode: shown(code) } : {}),
    ...(isWord(type) ? { errorType: shown(type) } : {}),
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A word that a program matches on, such as `invalid_api_key`; a sentence or a token is none. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][\w.:-]{0,63}$/.test(value) && !isOpaque(value);
}

const HTML_START = /^(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body)\b/i;

function isHtml(text: string, contentType: string | undefined): boolean {
  const start = withoutComments(text);
  if (HTML_START.test(start)) return true;
  return /\bx?html\b/i.test(contentType ?? '') && /^<[a-z!]/i.test(start);
}

/** Text after leading white space and comments. */
function withoutComments(text: string): string {
  let rest = text.trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->');
    if (end === -1) return '';
    rest = rest.slice(end + 3).trimStart();
  }
  return rest;
}

function titleOf(text: string, shown: Shown): string | undefined {
  const title = /<title\b[^>]{0,200}>([^<]{1,1000})/i.exec(text)?.[1];
  const line = title?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return line === '' ? undefined : shown(line, MAX_TITLE_LENGTH);
}
