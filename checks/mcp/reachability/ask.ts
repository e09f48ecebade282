import type { CheckContext } from '../../../src/doctor/context.ts';
import { TOOL_VERSION } from '../../../src/doctor/version.ts';
import { BAD_PORT } from '../../../src/mcp/outcome.ts';
import { forwardingProxy } from '../../../src/net/proxy/forward.ts';
import type { Secret } from '../../../src/redact/secret.ts';
import type { McpServer } from '../../../src/target/mcp/facts.ts';
import { launchOf } from '../../../src/target/mcp/launch.ts';
import type { StdioTransport } from '../../../src/target/mcp/launch.ts';
import { storedToken } from '../../../src/target/mcp/oauth.ts';
import { requestOf } from '../../../src/target/mcp/request.ts';
import type { HttpTransport, McpRequest } from '../../../src/target/mcp/request.ts';
import { isThisMachine } from '../../network/parts/situation.ts';
import type { Situation } from '../../network/parts/situation.ts';
import type { ReasonToLeave, ServerState } from './evidence.ts';

const CLIENT = { name: 'stethos', version: TOOL_VERSION } as const;

/** Why a server is not asked, as far as that is known before; otherwise asks it when called. */
export type Plan =
  | { readonly kind: 'settled'; readonly state: ServerState }
  | { readonly kind: 'ask'; readonly ask: (timeoutMs: number) => Promise<ServerState> };

export function planFor(server: McpServer, context: CheckContext): Plan {
  const { transport } = server;
  switch (transport.kind) {
    case 'none':
      return left({ kind: 'see', check: 'config.load' });
    case 'streamable_http':
      return planHttp(server, transport, context);
    case 'stdio':
      return planStdio(server, transport, context);
  }
}

const left = (why: ReasonToLeave): Plan => ({ kind: 'settled', state: { kind: 'left', why } });

function planStdio(server: McpServer, transport: StdioTransport, context: CheckContext): Plan {
  const { options, files, target, cwd, signal } = context;
  if (!options.deep) return left({ kind: 'deep_only' });
  if (!options.exec) return left({ kind: 'no_exec' });
  const launch = launchOf(transport, { cwd, environment: target.environment().values, files });
  if (!launch) return left({ kind: 'see', check: 'mcp.config' });
  return {
    kind: 'ask',
    ask: async (timeoutMs) => {
      const { examineStdioServer } = await import('../../../src/mcp/stdio/examine.ts');
      const { startupTimeoutMs } = server;
      const observation = await examineStdioServer(launch, {
        client: CLIENT,
        startupTimeoutMs,
        timeoutMs,
        signal,
      });
      return { kind: 'stdio', observation, limitMs: Math.min(startupTimeoutMs, timeoutMs) };
    },
  };
}

function planHttp(server: McpServer, transport: HttpTransport, context: CheckContext): Plan {
  if (transport.agentCredential !== undefined)
    return left({ kind: 'agent_credential', credential: transport.agentCredential });
  const { target, files, clock } = context;
  const { values } = target.environment();
  const plain = requestOf(transport, values);
  const needsToken = plain.kind === 'ready' && (plain.credential === undefined || plain.credential === 'url');
  const stored = needsToken
    ? storedToken(
        { name: server.name, url: transport.url },
        { store: target.mcp().oauthStore, home: target.home, files, nowMs: clock.now() },
      )
    : ({ kind: 'none' } as const);
  if (stored.kind === 'expired')
    return stored.canBeRenewed
      ? left({ kind: 'to_be_renewed' })
      : {
          kind: 'settled',
          state: {
            kind: 'unaskable',
            problem: { kind: 'expired', loginCommand: loginCommandOf(server, context) },
          },
        };
  const token: Secret | undefined = stored.kind === 'usable' ? stored.token : undefined;
  const request = token ? requestOf(transport, values, token) : plain;
  return request.kind === 'illegal_token'
    ? { kind: 'settled', state: { kind: 'unaskable', problem: request } }
    : { kind: 'ask', ask: (timeoutMs) => askOverHttp({ server, transport, request, context, timeoutMs }) };
}

interface HttpQuestion {
  readonly server: McpServer;
  readonly transport: HttpTransport;
  readonly request: Extract<McpRequest, { kind: 'ready' }>;
  readonly context: CheckContext;
  readonly timeoutMs: number;
}

async function askOverHttp(question: HttpQuestion): Promise<ServerState> {
  const { server, transport, request, context, timeoutMs } = question;
  const { network, signal, clock } = context;
  const { name, startupTimeoutMs } = server;
  const { examineHttpServer } = await import('../../../src/mcp/http/examine.ts');
  const begunMs = clock.elapsed();
  const address = URL.parse(request.url);
  const proxy = address ? forwardingProxy(address, network.proxies().routeFor(address)) : undefined;
  const outcome = await examineHttpServer(
    await network.fetch(),
    { ...request, proxy },
    {
      client: CLIENT,
      startupTimeoutMs,
      timeoutMs,
      signal,
    },
  );
  if (
    outcome.kind === 'http' &&
    outcome.outcome.kind === 'unsendable' &&
    outcome.outcome.problem === BAD_PORT
  )
    return { kind: 'left', why: { kind: 'bad_port' } };
  return {
    kind: 'http',
    outcome,
    credential: request.credential,
    bearerTokenVariable: transport.bearerTokenVariable,
    situation: situationOf(request.url, name, context),
    loginCommand: loginCommandOf(server, context),
    limitMs: Math.min(startupTimeoutMs, timeoutMs),
    durationMs: Math.round(clock.elapsed() - begunMs),
  };
}

const loginCommandOf = ({ name }: McpServer, { target }: CheckContext): string =>
  `${target.home.profile.command} mcp login ${name}`;

function situationOf(address: string, name: string, { target }: CheckContext): Situation {
  const url = new URL(address);
  const { profile } = target.home;
  return {
    agent: profile.name,
    host: url.host,
    isLoopback: isThisMachine(url),
    addressSource: `url of mcp_servers.${name}`,
    caVariables: profile.caVariables,
    startCommand: undefined,
  };
}
