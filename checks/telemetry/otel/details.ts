import type { DetailValue } from '../../../src/doctor/report.ts';
import type { SeenSignal } from './evidence.ts';

/** Labels begin with the signal, so that rows of several stand together. */
export function detailsOf(seen: SeenSignal): Readonly<Record<string, DetailValue>> {
  const { signal, endpoint, protocol, source, headerNames, outcome, durationMs } = seen;
  return {
    [`${signal} endpoint`]: endpoint,
    [`${signal} protocol`]: protocol,
    [`${signal} set by`]: source,
    ...(headerNames.length > 0 && { [`${signal} headers`]: headerNames }),
    [`${signal} result`]: resultOf(outcome),
    [`${signal} duration`]: `${durationMs} ms`,
  };
}

function resultOf(outcome: SeenSignal['outcome']): string {
  if (outcome.kind === 'accepted') {
    const { count, message } = outcome.rejection;
    if (count > 0) return `${count} rejected: ${message || 'no reason given'}`;
    return message === '' ? 'accepted' : `accepted, with a warning: ${message}`;
  }
  const { class: failureClass, message, words } = outcome.failure;
  return `${failureClass}: ${message}${words ? ` — ${words}` : ''}`;
}
