import { visibleInOneLine } from '../../redact/control.ts';
import type { DialTrace } from '../dial/trace.ts';
import type { Hop } from '../outcome.ts';

/** What a message calls the machines on the way. */
export interface Names {
  of(hop: Hop): string;
}

/**
 * A proxy is named by its variable: its address may hold a password.
 * @param url of the endpoint, of which the host is named; undefined where the reader sees it beside the message
 */
export function createNames(trace: DialTrace | undefined, url?: string): Names {
  const variable = trace?.proxy?.variable;
  const proxy = variable === undefined ? 'the proxy' : `the proxy named by ${variable}`;
  const host = url === undefined ? '' : (URL.parse(url)?.host ?? '');
  const endpoint = host === '' ? 'the endpoint' : `the endpoint ${visibleInOneLine(host)}`;
  return { of: (hop) => (hop === 'proxy' ? proxy : endpoint) };
}
