import { isDeepStrictEqual } from 'node:util';
import type { ResponseItem } from '../../protocol/item.ts';
import type { RequestBody } from '../request/body.ts';

/** The last response that was completed on a connection. */
export interface CompletedExchange {
  /** The whole logical request, whatever part of it was sent (trap 2). */
  readonly body: RequestBody;
  /** Items that the server finished in its answer, in order, with their ids (trap 4). */
  readonly items: readonly ResponseItem[];
  readonly responseId: string;
  /** It only made the server ready. */
  readonly isWarmUp?: boolean;
}

/** How a request is sent without repeating what the server knows. */
export interface Continuation {
  readonly previousResponseId: string;
  /** What is new; may be empty. */
  readonly input: readonly ResponseItem[];
}

/**
 * Whether a request continues the last one (spec/transport.md 2.3): everything but the input is the same, and the input
 * begins with what was asked and answered. Undefined: the request is sent whole.
 */
export function continuationOf(
  previous: CompletedExchange | undefined,
  next: RequestBody,
): Continuation | undefined {
  if (!previous || previous.responseId === '') return undefined;
  const { input: asked, ...sameAs } = previous.body;
  const { input, ...rest } = next;
  const knownCount = asked.length + previous.items.length;
  if (input.length < knownCount || !isDeepStrictEqual(rest, sameAs)) return undefined;
  const isKnown = (item: ResponseItem, index: number): boolean => isDeepStrictEqual(input[index], item);
  const continues =
    asked.every(isKnown) && previous.items.every((item, at) => isKnown(item, asked.length + at));
  return continues ? { previousResponseId: previous.responseId, input: input.slice(knownCount) } : undefined;
}
