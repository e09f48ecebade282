import type { Secret } from '../redact/secret.ts';
import type { DialTrace } from './dial/trace.ts';
import type { HttpOutcome, WebSocketOutcome } from './outcome.ts';
import type { Trust } from './certificates/trust.ts';
import type { Files } from '../host/files.ts';
import type { NetworkEnvironment } from './environment.ts';
import { loadProxies } from './proxy/decision.ts';
import type { ProxyFacts } from './proxy/decision.ts';

/** Values that are secret are wrapped; they are revealed where the request is written, and nowhere else. */
export type RequestHeaders = Readonly<Record<string, string | Secret>>;

export interface HttpAsk {
  /** May hold a credential in its user part or query; never shown. */
  readonly url: string;
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly headers: RequestHeaders;
  readonly body?: string;
  /** From the first look-up to the last byte of the answer that is read. */
  readonly timeoutMs: number;
}

export interface HttpObservation {
  readonly outcome: HttpOutcome;
  readonly trace: DialTrace;
  /** Wall time when the request was sent, and when the head of the answer came: for telling a wrong clock. */
  readonly sentAtMs?: number;
  readonly answeredAtMs?: number;
  readonly durationMs: number;
}

export interface WebSocketAsk {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly headers: RequestHeaders;
  /** From the first look-up to the answer to the upgrade. */
  readonly timeoutMs: number;
  /** How long to watch the connection after 101 for a close. */
  readonly windowMs: number;
}

export interface WebSocketObservation {
  readonly outcome: WebSocketOutcome;
  readonly trace: DialTrace;
  readonly durationMs: number;
}

/**
 * The one way out. Everything in stethos that talks to another machine does so through one of these, so that custom CA,
 * proxies and failure classes hold for the doctor, the agent, MCP and exporters alike. Nothing here retries or follows
 * redirects.
 */
export interface Network {
  /** Whom secure connections trust. Read on first use. */
  trust(): Trust;
  /** What the proxy variables mean for an address. */
  proxies(): ProxyFacts;
  /** One request on a connection of its own. Never throws: whatever happens is the outcome. */
  observeHttp(ask: HttpAsk): Promise<HttpObservation>;
  /** One upgrade on a connection of its own, watched for a while and then closed. Never throws. */
  observeWebSocket(ask: WebSocketAsk): Promise<WebSocketObservation>;
  /** The Fetch API over the same dialer, for libraries that take one. Rejects with a `NetworkError` as cause. */
  fetch(): Promise<typeof globalThis.fetch>;
}

export interface NetworkOptions {
  /** Asked on first use. */
  environment(): NetworkEnvironment;
  /** Custom CA variables of the profile, strongest first. */
  readonly caVariables: readonly string[];
  readonly files: Files;
  /** Relative paths of those variables start here. */
  readonly cwd: string;
}

/** Opens nothing and reads nothing until it is asked. */
export function createNetwork(options: NetworkOptions): Network {
  let proxies: ProxyFacts | undefined;
  return {
    trust: () => {
      throw new Error('not built yet');
    },
    proxies: () => (proxies ??= loadProxies(options.environment())),
    observeHttp: () => Promise.reject(new Error('not built yet')),
    observeWebSocket: () => Promise.reject(new Error('not built yet')),
    fetch: () => Promise.reject(new Error('not built yet')),
  };
}
