import type { Words } from '../parts/failed-attempt.ts';
import type { WebSocketEvidence } from './evidence.ts';
import type { AfterUpgrade } from './reading.ts';
import { blocker, EXPECTED, fallsBack, letThrough } from './words.ts';

/** What it means that a 101 was none, or that the connection did not last. */
export function afterUpgradeWords(outcome: AfterUpgrade, seen: WebSocketEvidence): Words {
  const { host } = seen.situation;
  switch (outcome.kind) {
    case 'bad_upgrade':
      return {
        cause: `The answer 101 is none to the upgrade that was asked for: ${outcome.problem}`,
        measured: outcome.problem,
        expected: 'Upgrade: websocket, and the Sec-WebSocket-Accept that belongs to the key that was sent',
        remedy: `Something that does not know WebSockets, or keeps answers of others, answers for ${host}. ${letThrough(seen)}`,
      };
    case 'dropped':
      return {
        cause: `The connection ${outcome.code === 'closed' ? 'ends' : 'breaks'} ${outcome.afterMs} ms after the upgrade, without a close frame`,
        measured: `${outcome.code} ${outcome.afterMs} ms after HTTP 101`,
        expected: EXPECTED,
        remedy: `This is how a filter looks that lets the handshake pass and nothing after it. ${letThrough(seen)}`,
      };
    case 'malformed_frame':
      return {
        cause: `What comes after HTTP 101 is no WebSocket: ${blocker(seen)} sends something else or changes it`,
        measured: `${outcome.code} ${outcome.afterMs} ms after HTTP 101`,
        expected: EXPECTED,
        remedy: letThrough(seen),
      };
    case 'closed':
      return closeWords(outcome, seen);
  }
}

type Closed = Extract<AfterUpgrade, { readonly kind: 'closed' }>;

function closeWords(outcome: Closed, seen: WebSocketEvidence): Words {
  const { closeCode, reason, afterMs } = outcome;
  const { host } = seen.situation;
  const said = reason === '' ? '' : `, "${reason}"`;
  const { what, remedy } = meaningOf(closeCode, seen);
  return {
    cause: `${host} ${what} ${afterMs} ms after the upgrade (close code ${closeCode})`,
    measured: `close code ${closeCode}${said} ${afterMs} ms after HTTP 101`,
    expected: EXPECTED,
    remedy,
  };
}

/** RFC 6455 section 7.4, and the codes that IANA lists since. */
function meaningOf(
  closeCode: number,
  seen: WebSocketEvidence,
): { readonly what: string; readonly remedy: string } {
  const { host } = seen.situation;
  switch (closeCode) {
    case 1008:
    case 3000:
    case 3003:
    case 4401:
    case 4403:
      return {
        what: 'closes the WebSocket by its policy',
        remedy: `The server objects to this client or account after the handshake: look at auth.live, and at plan and workspace of the account. Where those are in order, a filter that inspects WebSockets closes so, too. ${fallsBack(seen)}`,
      };
    case 1011:
    case 1014:
      return {
        what: 'closes the WebSocket because of a fault of its own',
        remedy: `The provider is ill, not this machine: look at its status page and try again later. ${fallsBack(seen)}`,
      };
    case 1012:
    case 1013:
      return {
        what: 'closes the WebSocket and asks to come back later',
        remedy: `Try again in some minutes: the server restarts or is overloaded. ${fallsBack(seen)}`,
      };
    case 1002:
    case 1003:
    case 1007:
    case 1009:
    case 1010:
      return {
        what: 'closes the WebSocket as if it had been sent something wrong',
        remedy: `Nothing was sent after the handshake, so something on the way changes the connection. ${letThrough(seen)}`,
      };
    default:
      return {
        what: 'closes the WebSocket at once',
        remedy:
          closeCode >= 3000
            ? `Look this code up in the documentation of ${host}: it is the server's own. ${fallsBack(seen)}`
            : `Try again: a server or proxy that is being shut down ends so. If it stays, ask whoever runs ${blocker(seen).replace(/^the server at /, '')}. ${fallsBack(seen)}`,
      };
  }
}
