/** The agent has two clients, and they read NO_PROXY by different rules (measured on codex 0.169). */
export type ClientKind = 'http' | 'websocket';

/**
 * Which entry of NO_PROXY takes a host out of the proxy, counted from 1, or undefined. Both clients know `*`, whole
 * hosts and domain suffixes with or without a leading dot, and neither knows `*.example.com`. The HTTP client alone
 * knows address ranges and ignores case; the WebSocket client alone knows `host:port`.
 * @param host as in a URL: lower case, an IPv6 address in brackets
 */
export function matchNoProxy(
  value: string,
  { host, port }: { readonly host: string; readonly port: number },
  client: ClientKind,
): number | undefined {
  const index = value.split(',').findIndex((written) => {
    const entry = written.trim();
    if (entry === '') return false;
    if (entry === '*') return true;
    return client === 'http' ? matchesHttp(entry.toLowerCase(), host) : matchesWebsocket(entry, host, port);
  });
  return index === -1 ? undefined : index + 1;
}

/** A host of a URL that is an address: URLs write IPv4 in full and IPv6 in brackets. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[.*\])$/;

function matchesHttp(entry: string, host: string): boolean {
  if (!ADDRESS.test(host)) return isSuffix(entry, host);
  return bare(entry) === bare(host) || isInRange(entry, bare(host));
}

function matchesWebsocket(entry: string, host: string, port: number): boolean {
  if (bare(entry) === bare(host)) return true;
  const [, name = '', wantedPort] = /^([^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  return ADDRESS.test(host) ? name === host : isSuffix(name, host);
}

function isSuffix(entry: string, host: string): boolean {
  const domain = entry.replace(/^\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isInRange(entry: string, address: string): boolean {
  const [network = '', bits = '', ...rest] = entry.split('/');
  if (bits === '') return false;
  // Loading this module takes longer than the whole check, and hardly any list holds a range.
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address) || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(network, Number(bits), type);
  return range.check(address, type);
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
