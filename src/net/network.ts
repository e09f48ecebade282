import type { Dispatcher } from 'undici';
import type { Files } from '../host/files.ts';
import { once } from '../host/once.ts';
import type { Secret } from '../redact/secret.ts';
import type { TlsFiles } from './certificates/client-identity.ts';
import { createTrust } from './certificates/trust.ts';
import type { Trust } from './certificates/trust.ts';
import type { NameResolver } from './dial/lookup.ts';
import type { DialTrace } from './dial/trace.ts';
import type { NetworkEnvironment } from './environment.ts';
import type { HttpDependencies } from './http/observe.ts';
import type { HttpOutcome, WebSocketOutcome } from './outcome.ts';
import { loadProxies } from './proxy/decision.ts';
import type { ProxyFacts } from './proxy/decision.ts';
import type { OpenWebSocket, WebSocketRequest } from './websocket/connected.ts';

/** Values that are secret are wrapped; they are revealed where the request is written, and nowhere else. */
export type RequestHeaders = Readonly<Record<string, string | Secret>>;

export interface HttpAsk {
  /** May hold a credential in its user part or query; never shown. */
  readonly url: string;
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly headers: RequestHeaders;
  readonly body?: string | Uint8Array;
  /** From the first look-up to the last byte of the answer that is read. */
  readonly timeoutMs: number;
  /** The answer is read up to this size and parsed, for who wants to know what it says and not only how it looks. */
  readonly readJson?: { readonly maxBytes: number };
  /** The same without parsing. */
  readonly readBody?: { readonly maxBytes: number };
  /** Headers of the answer that are wanted besides those of every report, in lower case. */
  readonly readHeaders?: readonly string[];
}

/** On a connection of the pool, where a request may be one of many that somebody gives up together. */
export interface PooledAsk extends HttpAsk {
  /** Takes the request back; the outcome is silence then. */
  readonly signal?: AbortSignal;
}

export interface HttpObservation {
  readonly outcome: HttpOutcome;
  readonly trace: DialTrace;
  /** Wall time when the request was sent, and when the head of the answer came: for telling a wrong clock. */
  readonly sentAtMs?: number;
  readonly answeredAtMs?: number;
  /** With `readJson`: the answer of any status, absent when it is no JSON or too large. May hold anything. */
  readonly json?: unknown;
  /** With `readBody`: the answer of any status, decoded; absent when it is too large. May hold anything. */
  readonly body?: Buffer;
  /** With `readHeaders`: those that the answer had, as they came. May hold anything. */
  readonly headers?: Readonly<Record<string, string>>;
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
  /** Called when the upgrade was answered or has failed; what follows is watching. */
  readonly onAnswered?: () => void;
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
  /** The same on a connection of the pool, for who asks often; nothing is known of how that connection came about. */
  askHttp(ask: PooledAsk): Promise<HttpObservation>;
  /** One upgrade on a connection of its own, watched for a while and then closed. Never throws. */
  observeWebSocket(ask: WebSocketAsk): Promise<WebSocketObservation>;
  /**
   * Opens a WebSocket and hands it over (RFC 6455), for who talks over it.
   * @throws WebSocketError with what happened instead; the reason of `signal`, when that is aborted
   */
  openWebSocket(request: WebSocketRequest): Promise<OpenWebSocket>;
  /**
   * The Fetch API over the same dialer, for libraries that take one. Follows redirects as the caller says. Rejects with a
   * `TypeError` whose cause is a `DialError` where no connection came about.
   */
  fetch(): Promise<typeof globalThis.fetch>;
  /** What `fetch` sends through: a pool of connections. Idle ones do not keep the process alive. */
  dispatcher(): Promise<Dispatcher>;
  /**
   * The same way out with a pool of its own, for one endpoint that has files of its own. Proxies are as trusted as they
   * were.
   */
  withTls(files: TlsFiles): Network;
  /** Ends the connections of the pool, whatever is on them, and lets no request through it any more. */
  close(): Promise<void>;
}

export interface NetworkOptions {
  /** Asked on first use. */
  environment(): NetworkEnvironment;
  /** Custom CA variables of the profile, strongest first. */
  readonly caVariables: readonly string[];
  readonly files: Files;
  /** Relative paths of those variables start here. */
  readonly cwd: string;
  /** Default: names are looked up in this process, which then ends no sooner than the last look-up does. */
  readonly resolver?: NameResolver;
  /** Of the one endpoint that is talked to. */
  readonly tls?: TlsFiles;
}

/** Opens nothing, reads nothing and loads nothing until it is asked. */
export function createNetwork(options: NetworkOptions): Network {
  const { caVariables, files, cwd, resolver, tls } = options;
  const trusting = (own: TlsFiles = {}): Trust =>
    createTrust({ environment: options.environment(), variables: caVariables, files, cwd, own });
  const trust = once(() => trusting(tls));
  const proxies = once(() => loadProxies(options.environment(), caVariables));
  const dependencies: HttpDependencies = {
    trust,
    routeFor: (url) => proxies().routeFor(url),
    ...(tls && { proxyTrust: once(trusting) }),
    ...(resolver && { resolver }),
  };
  let hasPool = false;
  const dispatcher = once(async () => {
    hasPool = true;
    const { createDispatcher } = await import('./http/fetch.ts');
    return createDispatcher(dependencies);
  });
  return {
    trust,
    proxies,
    observeHttp: async (ask) => {
      const { observeHttp } = await import('./http/observe.ts');
      return observeHttp(ask, dependencies);
    },
    askHttp: async (ask) => {
      const { askHttp } = await import('./http/ask.ts');
      return askHttp(ask, { dispatcher, routeFor: dependencies.routeFor });
    },
    withTls: (own) => createNetwork({ ...options, tls: own }),
    observeWebSocket: async (ask) => {
      const { observeWebSocket } = await import('./websocket/observe.ts');
      return observeWebSocket(ask, dependencies);
    },
    openWebSocket: async (request) => {
      const { openWebSocket } = await import('./websocket/open.ts');
      return openWebSocket(request, dependencies);
    },
    fetch: once(async () => {
      const { createFetch } = await import('./http/fetch.ts');
      return createFetch(await dispatcher());
    }),
    dispatcher,
    close: async () => {
      if (hasPool) await (await dispatcher()).destroy();
    },
  };
}
