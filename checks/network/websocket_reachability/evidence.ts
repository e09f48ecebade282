import type { HttpObservation, WebSocketObservation } from '../../../src/net/network.ts';
import type { ProxyDecision } from '../../../src/net/proxy/decision.ts';
import type { Provider } from '../../../src/target/provider/facts.ts';
import type { SentCredential } from '../parts/credential.ts';
import type { Situation } from '../parts/situation.ts';

/** What came back from the upgrade that the agent would ask for, and from HTTP beside it. */
export interface WebSocketEvidence {
  readonly situation: Situation;
  readonly provider: ProviderWithWebSocket;
  /** As a report may show it. */
  readonly endpoint: string;
  readonly proxy: ProxyDecision;
  readonly credential: SentCredential;
  readonly loginCommand: string;
  /** What was granted for the upgrade and for watching what comes after it. */
  readonly timeLimitMs: number;
  readonly windowMs: number;
  readonly websocket: WebSocketObservation;
  readonly models: HttpObservation | undefined;
  readonly base: HttpObservation | undefined;
}

export type ProviderWithWebSocket = Pick<
  Provider,
  'id' | 'name' | 'origin' | 'supportsWebsockets' | 'websocketConnectTimeoutMs'
>;
