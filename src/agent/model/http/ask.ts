import { isRetryable } from '../error.ts';
import { answerIds, upstreamRequestIdOf } from '../request/answer-ids.ts';
import { backOffMs } from '../request/back-off.ts';
import { attemptOnce } from './attempt.ts';
import type { AttemptOutcome, AttemptTools, PreparedRequest } from './attempt.ts';

export interface AskTools extends AttemptTools {
  readonly maxRetries: number;
  readonly random: () => number;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_SERVER_ERROR = 500;

/**
 * Sends a request until it is answered, with the retries of one request (spec/transport.md 1.7): after a server error and
 * where no answer came, never after 429 or another 4xx (trap 7). The last outcome is given as it is. Its inference ends
 * here unless it was answered.
 * @throws ModelError `fatal` where it cannot be sent, or the reason of `signal`
 */
export async function ask(
  request: PreparedRequest,
  tools: AskTools,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { inference } = request;
  try {
    const outcome = await outcomeOf(request, tools, signal);
    switch (outcome.kind) {
      case 'answered':
        inference.answered(upstreamRequestIdOf(outcome.answer.headers));
        break;
      case 'refused': {
        const { status, headers } = outcome.answer;
        const { requestId = null } = answerIds(headers);
        inference.fail(outcome.error, { httpStatus: status, upstreamRequestId: requestId });
        break;
      }
      case 'failed':
        inference.fail(outcome.error);
    }
    return outcome;
  } catch (error) {
    inference.fail(error);
    throw error;
  }
}

async function outcomeOf(
  request: PreparedRequest,
  tools: AskTools,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptOnce(request, attempt, tools, signal);
    if (attempt >= tools.maxRetries || !isWorthRetrying(outcome)) return outcome;
    await tools.wait(backOffMs(attempt + 1, tools.random), signal);
  }
}

function isWorthRetrying(outcome: AttemptOutcome): boolean {
  switch (outcome.kind) {
    case 'answered':
      return false;
    case 'refused':
      return outcome.answer.status >= FIRST_SERVER_ERROR;
    case 'failed':
      return isRetryable(outcome.error.failure);
  }
}
