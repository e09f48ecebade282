import { DialError } from '../dial/dial.ts';
import type { Hop, HttpOutcome } from '../outcome.ts';

/** No library wraps an error more often. */
const MAX_CAUSES = 8;
const PARSER_ERROR = 'HTTPParserError';

export interface FailedExchange {
  /** Whom the connection leads to: a request can be handed to a proxy as it is. */
  readonly hop: Hop;
  /** How much of an answer had come. */
  readonly receivedBytes: number;
}

/** What an error means that undici reported instead of the head of an answer. */
export function outcomeOfError(error: unknown, { hop, receivedBytes }: FailedExchange): HttpOutcome {
  const dialError = dialErrorOf(error);
  if (dialError) return dialError.outcome;
  // The innermost error with a code knows most: undici wraps those of a socket and of HTTP/2.
  const { code, message } = causesOf(error)
    .map(describe)
    .findLast((cause) => cause.code !== undefined) ?? { code: undefined, message: '' };
  switch (code) {
    case undefined:
      return { kind: 'broken', hop, phase: 'http', code: 'UNKNOWN', receivedBytes };
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_INFO':
      return ofUndici(message, { hop, receivedBytes });
    case PARSER_ERROR:
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'ERR_HTTP2_ERROR':
      return { kind: 'not_http', hop, code };
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
      return { kind: 'unsendable', problem: 'the HTTP client refuses the request' };
    default:
      // With TLS 1.3 a server refuses a client after the client's handshake is done.
      if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return { kind: 'tls_failed', hop, code };
      return { kind: 'broken', hop, phase: 'http', code, receivedBytes };
  }
}

/** What the dialer threw, however it was wrapped since. */
export function dialErrorOf(error: unknown): DialError | undefined {
  return causesOf(error).find((cause) => cause instanceof DialError);
}

/** undici tells these apart in words only. */
function ofUndici(message: string, { hop, receivedBytes }: FailedExchange): HttpOutcome {
  // An answer 100 or 101 that nobody asked for, or two answers to one request.
  if (/^bad (?:response|upgrade)$/.test(message))
    return { kind: 'not_http', hop, code: 'UNEXPECTED_RESPONSE' };
  const systemCode = /\bE[A-Z]{4,}\b/.exec(message)?.[0];
  const code = systemCode ?? (message.includes('GOAWAY') ? 'GOAWAY' : 'closed');
  return { kind: 'broken', hop, phase: 'http', code, receivedBytes };
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  let current = error;
  while (current instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(current);
    current = current.cause;
  }
  return causes;
}

function describe(error: Error): { readonly code: string | undefined; readonly message: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // That of undici's parser should have the code of llhttp and has none.
  return { code: code ?? (error.name === PARSER_ERROR ? PARSER_ERROR : undefined), message: error.message };
}
