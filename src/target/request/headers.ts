import type { RequestHeaders } from '../../net/network.ts';
import type { Target } from '../target.ts';
import type { Authorization } from './authorization.ts';

/** The requests of a provider that differ in their headers. */
export type RouteKind = 'base' | 'models' | 'websocket';

/** A configured header that no request can carry. The agent drops it without a word. */
export interface IllegalHeader {
  /** As configured; show it through `visibleInOneLine`. */
  readonly name: string;
  readonly part: 'name' | 'value';
  /** The configuration key or the variable that holds it. */
  readonly source: string;
}

export interface HeaderSet {
  /** What is sent: illegal headers are left out, as the agent leaves them out. */
  readonly headers: RequestHeaders;
  readonly illegal: readonly IllegalHeader[];
}

export interface HeaderOptions {
  /** Attached last, over everything that is configured. The base is asked without it. */
  readonly authorization?: Authorization;
  /** In the place where the agent puts its program and version; the address line of whoever asks. */
  readonly userAgent: string;
}

export function headersOf(
  _kind: RouteKind,
  _target: Pick<Target, 'config' | 'environment' | 'home' | 'install' | 'providers'>,
  options: HeaderOptions,
): HeaderSet {
  return { headers: { 'user-agent': options.userAgent }, illegal: [] };
}
