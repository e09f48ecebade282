import type { HttpFault } from '../../../src/mcp/outcome.ts';
import type { HttpAnswer } from '../../../src/net/outcome.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import { readObservation } from '../../network/parts/reading.ts';
import { transportIssue } from '../../network/parts/transport-issue.ts';
import type { AskedOverHttp, SeenServer } from './evidence.ts';
import type { Words } from './words.ts';

type HttpWords = Words & { readonly causedBy?: string };

const EXPECTED = 'an answer to initialize';

/** Words for an answer that is none of MCP, and for no answer at all. */
export function httpWords(server: SeenServer, asked: AskedOverHttp, fault: HttpFault): HttpWords {
  const { situation, durationMs } = asked;
  if (fault.outcome.kind === 'unsendable') return unsendableWords(server, fault.outcome.problem);
  const trace = fault.trace ?? { totalMs: durationMs };
  const reading = readObservation({ outcome: fault.outcome, trace, durationMs });
  switch (reading.kind) {
    case 'setting': {
      const { issue, causedBy } = reading;
      return { ...wordsOf(issue), cause: `gets no request. ${issue.cause}`, causedBy };
    }
    case 'failed': {
      const issue = transportIssue(reading.attempt, situation);
      return { ...wordsOf(issue), expected: EXPECTED, cause: `is not reached. ${issue.cause}` };
    }
    case 'answered':
      return answerWords(server, asked, { ...reading, isLegacySse: fault.isLegacySse });
    case 'unasked':
      throw new TypeError('a fault without an observation');
  }
}

const unsendableWords = ({ name }: SeenServer, problem: string): Words => ({
  class: 'invalid_value',
  cause: `gets no request: ${problem}`,
  measured: problem,
  expected: 'an address and headers that a request can have',
  remedy: `Correct url and headers under [mcp_servers.${name}].`,
});

type Issue = ReturnType<typeof transportIssue>;

function wordsOf({ cause, measured, expected, remedy, failure }: Issue): Words {
  if (!failure) throw new TypeError('an issue of the network without a class');
  return { cause, measured, expected, remedy, class: failure.class, failure };
}

interface Answered {
  readonly answer: HttpAnswer;
  readonly failure: NetworkFailure | undefined;
  readonly isLegacySse: boolean;
}

function answerWords(
  server: SeenServer,
  asked: AskedOverHttp,
  { answer, failure, isLegacySse }: Answered,
): Words {
  const table = `[mcp_servers.${server.name}]`;
  if (!failure) return { class: 'protocol', ...pageWords(answer, table) };
  if (failure.class === 'intercepted' && answer.status < 300)
    return { class: failure.class, failure, ...pageWords(answer, table) };
  const common = { class: failure.class, failure, measured: measure(answer), expected: EXPECTED };
  if (isLegacySse)
    return {
      ...common,
      cause: 'speaks the old SSE transport, which the agent does not',
      remedy: `Set url under ${table} to the server’s address for streamable HTTP, often ending in /mcp instead of /sse, or update the server.`,
    };
  if (failure.class === 'http_unauthorized') return { ...common, ...unauthorizedWords(asked, answer, table) };
  if (failure.class === 'http_forbidden') return { ...common, ...forbiddenWords(asked, table) };
  return { ...common, ...otherWords(answer, failure, table) };
}

type CauseAndRemedy = Pick<Words, 'cause' | 'remedy' | 'command'>;

const forbiddenWords = ({ credential }: AskedOverHttp, table: string): CauseAndRemedy =>
  credential
    ? {
        cause: 'does not allow what was asked with the configured credential',
        remedy: 'Use a credential that is allowed to use this server, or have it allowed.',
      }
    : {
        cause: 'denies access without a credential',
        remedy: `Configure a credential under ${table}, or have access from this network allowed.`,
      };

function otherWords(
  { redirect, status }: HttpAnswer,
  failure: NetworkFailure,
  table: string,
): CauseAndRemedy {
  if (failure.class === 'http_not_found')
    return {
      cause: 'is not at the address that is configured',
      remedy: `Correct the path in url under ${table}; it often ends in /mcp.`,
    };
  if (redirect)
    return {
      cause: `redirects to ${redirect.origin}`,
      remedy: `If the server has moved, set url under ${table} to the new address: the agent does not follow it there. If that is the login page of this network, log in to it first.`,
    };
  if (failure.class === 'http_other' && (status === 405 || status === 406 || status === 415))
    return {
      cause: `does not take messages of MCP at this address (HTTP ${status})`,
      remedy: `Check that url under ${table} is the server’s address for streamable HTTP, often ending in /mcp.`,
    };
  const cause = `gives no answer of MCP: ${failure.message}`;
  if (failure.class === 'http_server_error')
    return { cause, remedy: 'Try again later, and look into the log of that server: the fault is there.' };
  return failure.class === 'http_rate_limited'
    ? { cause, remedy: 'Wait, or ask whoever runs the server for a higher limit.' }
    : { cause, remedy: `Check url under ${table}, and who answers there.` };
}

/** A Bearer challenge is what the agent takes for the offer of a login (measured on codex 0.169). */
const offersLogin = ({ challenges }: HttpAnswer): boolean =>
  challenges.some((scheme) => scheme.toLowerCase() === 'bearer');

function unauthorizedWords(
  { credential, bearerTokenVariable, loginCommand }: AskedOverHttp,
  answer: HttpAnswer,
  table: string,
): CauseAndRemedy {
  const login = `Run \`${loginCommand}\`.`;
  switch (credential) {
    case undefined:
      return offersLogin(answer)
        ? { cause: 'wants a login', remedy: login, command: loginCommand }
        : {
            cause: 'wants a credential, and none is configured',
            remedy: `Name a variable with its token in bearer_token_env_var under ${table}.`,
          };
    case 'oauth':
      return { cause: 'does not accept the stored login', remedy: login, command: loginCommand };
    case 'bearer_token_env_var':
      return {
        cause: `does not accept the token in ${bearerTokenVariable ?? 'its variable'}`,
        remedy: `Put a valid token into ${bearerTokenVariable ?? 'that variable'}${
          offersLogin(answer) ? `, or remove bearer_token_env_var and run \`${loginCommand}\`` : ''
        }.`,
      };
    case 'http_headers':
    case 'url':
      return {
        cause: `does not accept the credential in ${credential === 'url' ? 'its URL' : 'its headers'}`,
        remedy: `Correct the credential under ${table}, in a variable rather than in the file.`,
      };
  }
}

/** Status 200, and still no MCP. */
function pageWords({ contentType, body }: HttpAnswer, table: string): Omit<Words, 'class'> {
  const title = body.title === undefined ? '' : ` titled “${body.title}”`;
  return {
    cause: body.kind === 'html' ? `is a web page${title} at this address` : 'answers with what is no MCP',
    measured: `${contentType ?? 'no content type'}, ${body.kind}${title}`,
    expected: 'application/json or text/event-stream',
    remedy: `Correct url under ${table}: what answers there is no MCP server. If that is the login page of this network, log in to it first.`,
  };
}

function measure({ status, body, contentType }: HttpAnswer): string {
  const kind =
    body.kind === 'empty' ? 'without a body' : `with ${body.kind} (${contentType ?? 'no content type'})`;
  return `HTTP ${status} ${kind}${body.errorCode === undefined ? '' : `, ${body.errorCode}`}`;
}
