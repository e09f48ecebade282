import type { WebSocketEvidence } from './evidence.ts';

export const EXPECTED = 'HTTP 101 Switching Protocols, and a connection that stays open';

/** What the agent does without a WebSocket, so that nobody looks for a fault that does no harm. */
export const fallsBack = ({ situation }: WebSocketEvidence): string =>
  `${situation.agent} falls back to HTTP by itself.`;

/** Only a provider of the user's own can be told to do without. */
export function doWithout({ provider }: WebSocketEvidence): string {
  return provider.origin === 'configured'
    ? ` To spare the attempt, set supports_websockets = false in model_providers.${provider.id}.`
    : '';
}

/**
 * Who keeps a WebSocket from a host that answers over HTTP. The provider's own address is known to take upgrades, so
 * there it is somebody on the way.
 */
export function blocker({ situation, websocket }: WebSocketEvidence): string {
  const variable = websocket.trace.proxy?.variable;
  const isOwnAddress = situation.addressSource === undefined;
  if (variable === undefined)
    return isOwnAddress && !situation.isLoopback
      ? 'a filter or firewall of this network'
      : `the server at ${situation.host}`;
  return isOwnAddress
    ? `the proxy named by ${variable}`
    : `the proxy named by ${variable}, or the server at ${situation.host}`;
}

/** Asks whoever stands between to let upgrades pass. */
export function letThrough(seen: WebSocketEvidence): string {
  const { situation } = seen;
  const who = blocker(seen);
  return who.startsWith('the server')
    ? `Let ${who} answer WebSocket upgrades at the path of the endpoint. ${fallsBack(seen)}${doWithout(seen)}`
    : `Have WebSocket upgrades to ${situation.host} allowed by ${who}. ${fallsBack(seen)}${doWithout(seen)}`;
}
