import { ModelError } from '../error.ts';
import type { ModelFailure } from '../error.ts';

export interface ErrorFacts {
  readonly error: string;
  readonly httpStatus?: number;
}

export const errorOfStatus = (httpStatus: number): ErrorFacts => ({
  error: `http ${httpStatus}`,
  httpStatus,
});

/** How facts name a failure: `http <status>`, its class, or our own words for a connection; never those of a server. */
export function errorInFacts(error: unknown, { isTold }: { readonly isTold: boolean }): ErrorFacts {
  if (!(error instanceof ModelError)) return { error: error instanceof Error ? error.name : 'unknown' };
  const { failure, message } = error;
  const httpStatus = statusOf(failure);
  if (httpStatus !== undefined) return errorOfStatus(httpStatus);
  const isOurs =
    !isTold && (failure.kind === 'stream' || failure.kind === 'timeout' || failure.kind === 'fatal');
  return { error: isOurs ? message : failure.kind };
}

function statusOf(failure: ModelFailure): number | undefined {
  switch (failure.kind) {
    case 'unexpected_status':
      return failure.facts.status;
    case 'retry_limit':
      return failure.status;
    case 'stream':
      return failure.httpStatus;
    default:
      return undefined;
  }
}
