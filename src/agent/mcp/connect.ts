import type { Files } from '../../host/files.ts';
import { connectHttp, connectStdio, McpConnectError } from '../../mcp/connect.ts';
import type { ConnectOptions } from '../../mcp/connect.ts';
import type { ClientIdentity } from '../../mcp/session.ts';
import type { Network } from '../../net/network.ts';
import { forwardingProxy } from '../../net/proxy/forward.ts';
import { launchOf } from '../../target/mcp/launch.ts';
import { storedToken } from '../../target/mcp/oauth.ts';
import { requestOf } from '../../target/mcp/request.ts';
import type { HttpTransport, McpRequest } from '../../target/mcp/request.ts';
import type { Target } from '../../target/target.ts';
import type { Connect } from './connections.ts';

export interface ConnectSources {
  readonly target: Pick<Target, 'cwd' | 'environment' | 'home' | 'mcp'>;
  readonly network: Network;
  readonly files: Files;
  readonly client: ClientIdentity;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: () => number;
}

/** How servers of the configuration are reached: by the same requests and launches that the doctor tries. */
export function createMcpConnect(sources: ConnectSources): Connect {
  return (server, { signal, elicit }) => {
    const options = { client: sources.client, timeoutMs: server.startupTimeoutMs, signal, elicit };
    const { transport } = server;
    switch (transport.kind) {
      case 'none':
        return refuse('its configuration names neither a command nor a url');
      case 'stdio': {
        const { target, files } = sources;
        const launch = launchOf(transport, {
          cwd: target.cwd,
          environment: target.environment().values,
          files,
        });
        return launch
          ? connectStdio(launch, options)
          : refuse('its command cannot be found or is not a program');
      }
      case 'streamable_http':
        return openHttp(server.name, transport, { sources, options });
    }
  };
}

type Session = ReturnType<Connect>;

async function openHttp(
  name: string,
  transport: HttpTransport,
  { sources, options }: { readonly sources: ConnectSources; readonly options: ConnectOptions },
): Session {
  if (transport.agentCredential !== undefined)
    return refuse(`a login of the kind \`${transport.agentCredential}\` is not known here`);
  const { network } = sources;
  const request = requestWithLogin(name, transport, sources);
  if (request.kind === 'illegal_token')
    return refuse(`${request.variable} holds characters that no header may have`);
  const address = URL.parse(request.url);
  const proxy = address ? forwardingProxy(address, network.proxies().routeFor(address)) : undefined;
  return connectHttp(await network.fetch(), { ...request, proxy }, options);
}

/** With the stored OAuth token where nothing else signs the request. One that has expired is not renewed. */
function requestWithLogin(
  name: string,
  transport: HttpTransport,
  { target, files, nowMs }: ConnectSources,
): McpRequest {
  const { values } = target.environment();
  const plain = requestOf(transport, values);
  const isSigned = plain.kind === 'ready' && plain.credential !== undefined && plain.credential !== 'url';
  if (plain.kind !== 'ready' || isSigned) return plain;
  const stored = storedToken(
    { name, url: transport.url },
    { store: target.mcp().oauthStore, home: target.home, files, nowMs: nowMs() },
  );
  return stored.kind === 'usable' ? requestOf(transport, values, stored.token) : plain;
}

const refuse = (problem: string): Promise<never> =>
  Promise.reject(new McpConnectError({ kind: 'malformed', problem }));
