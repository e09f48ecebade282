import type { Clock } from '../host/clock.ts';
import type { Files } from '../host/files.ts';
import type { Machine } from '../host/machine.ts';
import { once } from '../host/once.ts';
import { operatingSystem } from '../host/operating-system.ts';
import type { HttpObservation, Network, WebSocketObservation } from '../net/network.ts';
import { authorizationOf } from '../target/request/authorization.ts';
import type { Authorization } from '../target/request/authorization.ts';
import { headersOf } from '../target/request/headers.ts';
import type { HeaderSet, IllegalHeader, RouteKind } from '../target/request/headers.ts';
import type { ProviderRoutes } from '../target/request/routes.ts';
import { TOKEN_COMMAND_TIMEOUT_MS } from '../target/request/token-command.ts';
import { userAgentOf } from '../target/request/user-agent.ts';
import { withoutUserinfo } from '../target/request/userinfo.ts';
import { agentVersionOf } from '../target/request/version.ts';
import type { Target } from '../target/target.ts';
import type { ContextOptions } from './context.ts';
import { TOOL_VERSION } from './version.ts';

/**
 * The questions put to the model provider, each asked once however many checks want the answer. Each has a limit of its
 * own and none throws. Undefined: there is no provider to ask, or it has no such route.
 */
export interface Reachability {
  routes(): ProviderRoutes | undefined;
  /** What the requests below carry; runs a token command under `--deep`. */
  authorization(): Promise<Authorization>;
  /** HEAD on the base URL, without a credential. */
  base(): Promise<HttpObservation | undefined>;
  /** GET of the model list with the credential, the cheapest thing that the agent itself asks for. */
  models(): Promise<HttpObservation | undefined>;
  /** The agent's own WebSocket upgrade with the credential; no frame is sent. */
  websocket(): Promise<WebSocketObservation | undefined>;
}

/** An answer of the HTTP routes that comes later is none: the doctor has to end. */
export const HTTP_TIMEOUT_MS = 6_000;
/** The agent itself may wait longer for an upgrade; the report says so. */
export const WEBSOCKET_TIMEOUT_MS = 8_000;
/** How long a fresh WebSocket is watched. Servers that refuse after 101 were seen to do so within 400 ms. */
export const WEBSOCKET_WINDOW_MS = 450;
export const DEEP_WEBSOCKET_WINDOW_MS = 3_000;
/**
 * For a row that waits for these answers: `--deep` runs a command for the token first and watches for longest. Without
 * it the slowest answer is there after 8.5 s, which keeps the promise that a default run ends in less than ten.
 */
export const REACHABILITY_BUDGET_MS =
  TOKEN_COMMAND_TIMEOUT_MS + WEBSOCKET_TIMEOUT_MS + DEEP_WEBSOCKET_WINDOW_MS + 1_000;

export interface ReachabilityOptions {
  readonly target: Target;
  readonly network: Network;
  readonly files: Files;
  readonly clock: Clock;
  readonly machine: Machine;
  /** Nothing is asked when offline: every question answers undefined. */
  readonly options: Pick<ContextOptions, 'deep' | 'exec' | 'offline'>;
  /** For tests, which must not wait. */
  readonly limits?: Partial<ReachabilityLimits>;
}

export interface ReachabilityLimits {
  readonly httpTimeoutMs: number;
  readonly webSocketTimeoutMs: number;
  readonly webSocketWindowMs: number;
}

export function createReachability(given: ReachabilityOptions): Reachability {
  const { target, network, options } = given;
  const limits = { ...defaultLimits(given), ...given.limits };
  const userAgent = once(() => userAgentFor(given));
  const authorization = once(() =>
    authorizationOf(target, {
      files: given.files,
      nowMs: given.clock.now(),
      runCommand: options.deep && options.exec,
    }),
  );
  const headers = async (kind: RouteKind): Promise<HeaderSet> => {
    const configured = { userAgent: userAgent() };
    if (kind === 'base') return headersOf(kind, target, configured);
    return headersOf(kind, target, { ...configured, authorization: await authorization() });
  };
  const upgrade = { isAsked: false, answered: Promise.withResolvers<void>() };
  /**
   * The upgrade is watched for a while after its answer, in which there is time for everything else: whoever asks for
   * both waits for its answer first, since loading the HTTP client would hold it up.
   */
  const behindUpgrade = async (): Promise<void> => {
    await immediate();
    if (upgrade.isAsked) await Promise.race([upgrade.answered.promise, delay(HEAD_START_MS)]);
  };
  /** The routes that may be asked for. */
  const routes = (): ProviderRoutes | undefined => (options.offline ? undefined : target.routes());

  return {
    routes: () => target.routes(),
    authorization,
    base: once(async () => {
      const address = routes()?.base;
      if (address === undefined) return undefined;
      const { url } = withoutUserinfo(address);
      await behindUpgrade();
      return network.observeHttp({
        url,
        method: 'HEAD',
        headers: (await headers('base')).headers,
        timeoutMs: limits.httpTimeoutMs,
      });
    }),
    models: once(async () => {
      const address = routes()?.models;
      // Bedrock's list comes with the agent: no such route is documented for it.
      if (address === undefined || target.providers().active?.aws) return undefined;
      const { url, authorization: userinfo } = withoutUserinfo(address);
      await behindUpgrade();
      return network.observeHttp({
        url,
        method: 'GET',
        headers: { ...(userinfo && { authorization: userinfo }), ...(await headers('models')).headers },
        timeoutMs: limits.httpTimeoutMs,
      });
    }),
    websocket: once(async () => {
      const address = routes()?.websocket;
      if (address === undefined) return undefined;
      const { headers: sent, illegal } = await headers('websocket');
      const refused = illegal.find(({ effect }) => effect === 'no_websocket');
      if (refused) return unsent(refused);
      upgrade.isAsked = true;
      return network.observeWebSocket({
        url: withoutUserinfo(address).url,
        headers: sent,
        timeoutMs: limits.webSocketTimeoutMs,
        windowMs: limits.webSocketWindowMs,
        onAnswered: upgrade.answered.resolve,
      });
    }),
  };
}

/** An upgrade whose answer takes longer is not waited for: nothing of this machine holds it up then. */
const HEAD_START_MS = 100;

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const delay = (timeoutMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeoutMs));

/** The agent's WebSocket client stops at such a header before it asks; ours would send it and tell of a success. */
const unsent = ({ name }: IllegalHeader): WebSocketObservation => ({
  outcome: {
    kind: 'unsendable',
    problem: `the value of the header ${name} is not ASCII, which the WebSocket client does not take`,
  },
  trace: { totalMs: 0 },
  durationMs: 0,
});

function defaultLimits({ target, options }: ReachabilityOptions): ReachabilityLimits {
  const configured = target.providers().active?.websocketConnectTimeoutMs ?? WEBSOCKET_TIMEOUT_MS;
  return {
    httpTimeoutMs: HTTP_TIMEOUT_MS,
    webSocketTimeoutMs: Math.min(configured, WEBSOCKET_TIMEOUT_MS),
    webSocketWindowMs: options.deep ? DEEP_WEBSOCKET_WINDOW_MS : WEBSOCKET_WINDOW_MS,
  };
}

function userAgentFor({ target, files, machine }: ReachabilityOptions): string {
  return userAgentOf({
    originator: target.home.profile.requests.originator,
    version: agentVersionOf(target),
    system: operatingSystem(files, machine),
    processor: machine.processor,
    environment: target.environment().values,
    asker: { name: 'stethos', version: TOOL_VERSION },
  });
}
