import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { CanaryAttempt, CanaryTurn } from '../../../src/doctor/canary-turn.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import { visibleInOneLine } from '../../../src/redact/control.ts';

const EXPECTED = 'the model calls the tool, gets its answer and tells it';
const MAX_MESSAGE_LENGTH = 200;

export function issuesOf(turn: CanaryTurn, timeoutMs: number): VerdictIssue[] {
  switch (turn.end) {
    case 'not_started':
      return [
        fail({
          class: 'invalid_value',
          cause: 'the embedded agent does not start on this configuration',
          measured: short(turn.message),
          expected: 'a configuration that an agent starts on',
          remedy: 'Mend what the message names; config.load tells the place.',
        }),
      ];
    case 'late':
      if (wasNeverAnswered(turn)) return [failedTurn(turn)];
      return [
        warn({
          class: 'timeout',
          cause: `the turn was not over after ${timeoutMs / 1000} s`,
          measured: turn.attempts.length === 0 ? 'no request was answered' : 'the model was still at work',
          expected: EXPECTED,
          remedy: 'Try again; where it stays so, look at the network rows, and at the load of the provider.',
          fields: ['turn ms'],
        }),
      ];
    case 'failed':
      return [failedTurn(turn)];
    case 'completed':
      return completedTurn(turn);
  }
}

/** The row that knows more of the same fault. */
export function causeOf(turn: CanaryTurn): string | undefined {
  if (turn.end !== 'failed' && !(turn.end === 'late' && wasNeverAnswered(turn))) return undefined;
  const failureClass = classOf(turn);
  if (failureClass === 'http_unauthorized' || failureClass === 'http_forbidden') return 'auth.live';
  return failureClass === 'unreachable' || failureClass === 'closed'
    ? 'network.provider_reachability'
    : undefined;
}

/** Retries were all that took the time: the model was never at work. */
const wasNeverAnswered = ({ attempts }: CanaryTurn): boolean =>
  attempts.length > 0 && attempts.every(({ success }) => !success);

function failedTurn(turn: CanaryTurn): VerdictIssue {
  const failureClass = classOf(turn);
  const attempt = lastFailure(turn);
  return fail({
    class: failureClass,
    cause: CAUSES[failureClass] ?? 'the provider answered the turn with an error',
    measured: short(turn.message),
    expected: EXPECTED,
    remedy:
      REMEDIES[failureClass] ??
      'Follow what the message says; give the request id to the support of the provider.',
    fields: ['requests that failed', ...(attempt?.requestId === undefined ? [] : ['request id'])],
    failure: {
      ...(attempt?.httpStatus !== undefined && { httpStatus: attempt.httpStatus }),
      ...(attempt?.requestId !== undefined && { requestId: attempt.requestId }),
      ...(attempt?.cfRay !== undefined && { cfRay: attempt.cfRay }),
    },
  });
}

const lastFailure = ({ attempts }: CanaryTurn): CanaryAttempt | undefined =>
  attempts.findLast(({ success }) => !success);

const BY_STATUS: Readonly<Record<number, FailureClass>> = {
  401: 'http_unauthorized',
  403: 'http_forbidden',
  404: 'http_not_found',
  429: 'http_rate_limited',
};

const BY_ERROR: Readonly<Record<string, FailureClass>> = {
  unauthorized: 'http_unauthorized',
  usage_limit_exceeded: 'http_rate_limited',
  response_too_many_failed_attempts: 'http_rate_limited',
  server_overloaded: 'http_server_error',
  internal_server_error: 'http_server_error',
  bad_request: 'http_other',
  context_window_exceeded: 'http_other',
};

/**
 * A status says more than the core's own word for it. Where there is neither, the turn ended with its last request: that was
 * not answered, or the answer broke off, or it was none.
 */
function classOf({ attempts, errorKind, hasHeardStream }: CanaryTurn): FailureClass {
  const last = attempts.at(-1);
  const status = last?.httpStatus;
  if (status !== undefined && status >= 400)
    return BY_STATUS[status] ?? (status >= 500 ? 'http_server_error' : 'http_other');
  const told = BY_ERROR[errorKind ?? ''];
  if (told !== undefined) return told;
  if (!last) return 'invalid_value';
  if (!last.success) return 'unreachable';
  return hasHeardStream ? 'closed' : 'protocol';
}

const CAUSES: Partial<Record<FailureClass, string>> = {
  http_unauthorized: 'the provider refuses the credential when a model is asked',
  http_forbidden: 'the credential may not ask this model',
  http_not_found: 'the provider knows no such route or model',
  http_rate_limited: 'the limit of the account or of the provider is reached',
  http_server_error: 'the provider fails at the turn',
  http_other: 'the provider refuses the request as the agent writes it',
  unreachable: 'the provider cannot be reached for a turn',
  closed: 'the stream of the answer breaks off',
  protocol: 'what comes back is no stream of the Responses API',
  invalid_value: 'nothing can be asked with this configuration',
};

const REMEDIES: Partial<Record<FailureClass, string>> = {
  http_unauthorized: 'Sign in again, or put a valid key where the configuration says it stands.',
  http_forbidden: 'Ask whoever runs the account for access, or set another `model`.',
  http_not_found: 'Set a `model` that this provider serves, and check the base URL.',
  http_rate_limited: 'Wait until the limit is reset, or use another account or model.',
  http_server_error: 'Try again later; the page of the provider tells of disturbances.',
  http_other: 'Set a `model` that speaks the Responses API; some servers know only a part of it.',
  unreachable: 'Mend what the network rows show.',
  closed: 'Something between here and the provider ends long answers: look at proxies and their time limits.',
  protocol: 'Check the base URL: it has to lead to a server of the Responses API, and not to a page.',
  invalid_value: 'Mend what the message names.',
};

function completedTurn(turn: CanaryTurn): VerdictIssue[] {
  if (!turn.hasCalledTool)
    return [
      warn({
        class: 'mismatch',
        cause: 'the model answered without calling the tool that it was told to call',
        measured: 'an answer, and no call of a tool',
        expected: EXPECTED,
        remedy: 'Use a model that can call tools; behind some local servers they have to be switched on.',
        fields: ['tool called'],
      }),
    ];
  if (!turn.hasToldWord)
    return [
      warn({
        class: 'mismatch',
        cause: "the model's answer does not hold what the tool told it",
        measured: 'a call of the tool, and another answer',
        expected: EXPECTED,
        remedy: 'Try again; where it stays so, results of tools do not reach this model.',
      }),
    ];
  if (turn.isOnDisk && turn.isIndexed) return [];
  return [
    fail({
      class: 'missing',
      cause: 'the turn went through and was not written down as a whole',
      measured: turn.isOnDisk ? 'no row in the index' : 'records missing in the session file',
      expected: 'the call, its result and the answer in a session file, and a row in the index',
      remedy: 'Look at free space and at the rights of the folder for temporary files.',
      fields: ['session file', 'row in the index'],
    }),
  ];
}

function short(message: string): string {
  const line = visibleInOneLine(message);
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
