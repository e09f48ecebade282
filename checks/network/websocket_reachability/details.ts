import type { DetailValue } from '../../../src/doctor/report.ts';
import type { DialTrace } from '../../../src/net/dial/trace.ts';
import type { HttpAnswer, UpgradeFacts } from '../../../src/net/outcome.ts';
import { visibleInOneLine } from '../../../src/redact/control.ts';
import { describeDecision } from '../env.ts';
import { traceDetails } from '../parts/trace-details.ts';
import { compareWithHttp } from './comparison.ts';
import type { ProviderWithWebSocket, WebSocketEvidence } from './evidence.ts';
import type { WebSocketReading } from './reading.ts';

type DetailRows = Record<string, DetailValue | undefined>;

/** A close frame may hold 123 bytes; a server that sends more is cut off. */
const MAX_REASON_LENGTH = 120;

export function providerDetails({ id, name, supportsWebsockets }: ProviderWithWebSocket): DetailRows {
  return {
    'model provider': id,
    'provider name': name,
    // The only one that the agent speaks.
    'wire API': 'responses',
    'supports websockets': supportsWebsockets,
  };
}

export function detailsOf(reading: WebSocketReading, seen: WebSocketEvidence): DetailRows {
  const { provider, credential, websocket } = seen;
  const { outcome, trace } = websocket;
  return {
    ...providerDetails(provider),
    'proxy for websocket': describeDecision(seen.proxy),
    'connect timeout ms': provider.websocketConnectTimeoutMs,
    'probe time limit ms': seen.timeLimitMs,
    'auth mode': credential.mode,
    'credential sent':
      credential.kind === 'attached' ? `yes, from ${credential.source}` : `no: ${credential.reason}`,
    endpoint: seen.endpoint,
    ...traceDetails(trace),
    // As the agent's own report has it: the family that is tried first.
    'first IP family': firstFamily(trace),
    'handshake result': handshakeResult(seen),
    ...('upgrade' in outcome && upgradeDetails(outcome.upgrade)),
    ...('upgrade' in outcome && { 'observation window ms': seen.windowMs }),
    ...(outcome.kind === 'closed' && {
      'close code': outcome.closeCode,
      'close reason': shown(outcome.reason),
      'close after ms': outcome.afterMs,
    }),
    ...(outcome.kind === 'answered' && answerDetails(outcome.answer)),
    'received bytes': 'receivedBytes' in outcome ? outcome.receivedBytes : undefined,
    'HTTP and WebSocket': compareWithHttp(reading, seen),
  };
}

function firstFamily({ connect }: DialTrace): string | undefined {
  const first = connect?.attempts[0];
  return first && `IPv${first.family}`;
}

function handshakeResult({ websocket: { outcome } }: WebSocketEvidence): string {
  if (outcome.kind === 'answered') return `HTTP ${outcome.answer.status}`;
  const isSwitched = 'upgrade' in outcome || outcome.kind === 'bad_upgrade';
  return isSwitched ? 'HTTP 101 Switching Protocols' : `none (${outcome.kind.replaceAll('_', ' ')})`;
}

function upgradeDetails(upgrade: UpgradeFacts): DetailRows {
  return {
    'upgrade ms': upgrade.durationMs,
    extensions: upgrade.extensions === '' ? 'none' : upgrade.extensions,
    'reasoning header': upgrade.hasReasoningHeader,
    'server model present': upgrade.hasServerModel,
    'models etag present': upgrade.hasModelsEtag,
    'request id': upgrade.requestId,
    'cf-ray': upgrade.cfRay,
  };
}

function answerDetails({ body, retryAfterMs, redirect, requestId, cfRay, server }: HttpAnswer): DetailRows {
  return {
    'answer body': body.kind,
    'answer page title': body.title === undefined ? undefined : visibleInOneLine(body.title),
    'answer server': server,
    redirect: redirect?.origin,
    'retry after ms': retryAfterMs,
    'request id': requestId,
    'cf-ray': cfRay,
  };
}

const shown = (reason: string): string | undefined =>
  reason === '' ? undefined : visibleInOneLine(reason).slice(0, MAX_REASON_LENGTH);
