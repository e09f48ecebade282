import type { NetworkEnvironment } from '../environment.ts';

export const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'] as const;
export type ProxyVariableName = (typeof PROXY_VARIABLES)[number];

/** The agent's two clients read the same variables by different rules (measured on codex 0.169). */
const HTTP_SCHEMES = ['http', 'https', 'socks4', 'socks4a', 'socks5', 'socks5h'];
const WEBSOCKET_SCHEMES = ['http', 'socks5', 'socks5h'];

/** What a proxy variable says, without its value: that may hold a password. */
export interface ProxyVariable {
  /** As it is spelled in the environment. */
  readonly name: string;
  readonly origin: string;
  readonly state: 'empty' | 'usable' | 'no_scheme' | 'other_scheme' | 'malformed' | 'bad_credentials';
  /** What is wrong, in words. */
  readonly problem: string | undefined;
  readonly scheme: string | undefined;
  readonly hasCredentials: boolean;
  readonly servesHttp: boolean;
  readonly servesWebsocket: boolean;
}

/** Two spellings of one variable: the agent reads the upper-case one, even when that is empty. */
export interface ProxySetting {
  readonly name: ProxyVariableName;
  readonly effective: ProxyVariable | undefined;
  /** The spelling that is not read because of the other. */
  readonly hidden: ProxyVariable | undefined;
  /** The two spellings differ, so that it matters which one is read. */
  readonly differs: boolean;
}

export function readProxySetting(name: ProxyVariableName, environment: NetworkEnvironment): ProxySetting {
  const [first, second] = [name, name.toLowerCase()].filter(
    (spelling) => environment.values[spelling] !== undefined,
  );
  return {
    name,
    effective: first === undefined ? undefined : read(first, environment),
    hidden: second === undefined ? undefined : read(second, environment),
    differs: second !== undefined && environment.values[first ?? ''] !== environment.values[second],
  };
}

function read(name: string, environment: NetworkEnvironment): ProxyVariable {
  const value = environment.values[name] ?? '';
  return { name, origin: environment.originOf(name) ?? 'shell', ...judgeProxyValue(value) };
}

export const hasScheme = (value: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value);

type ProxyValue = Omit<ProxyVariable, 'name' | 'origin'>;

const UNUSABLE = { scheme: undefined, hasCredentials: false, servesHttp: false, servesWebsocket: false };

export function judgeProxyValue(value: string): ProxyValue {
  if (value.trim() === '') return { ...UNUSABLE, state: 'empty', problem: undefined };
  const malformed = (problem: string): ProxyValue => ({
    ...UNUSABLE,
    state: 'malformed',
    problem,
    hasCredentials: /^[^/]*\/\/[^/?#]*@/.test(value),
  });
  if (value !== value.trim()) return malformed('white space stands around it');
  if (/^["'].*["']$/.test(value)) return malformed('quotes stand around it');
  const url = URL.parse(hasScheme(value) ? value : `http://${value}`);
  if (!url)
    return hasBareSign(value)
      ? { ...malformed(BARE_SIGN), state: 'bad_credentials', hasCredentials: true }
      : malformed(reasonOf(value));
  if (url.hostname === '') return malformed('it names no host');
  const scheme = url.protocol.slice(0, -1);
  const facts = { scheme, hasCredentials: url.username !== '' || url.password !== '' };
  if (!hasScheme(value))
    return {
      ...facts,
      state: 'no_scheme',
      problem: 'it has no scheme such as http://',
      servesHttp: true,
      servesWebsocket: false,
    };
  const servesHttp = HTTP_SCHEMES.includes(scheme);
  if (servesHttp && !isDecodable(url.username + url.password))
    return {
      ...facts,
      state: 'bad_credentials',
      problem: 'its user name or password has a % that is not written as %25',
      servesHttp,
      servesWebsocket: false,
    };
  const servesWebsocket = WEBSOCKET_SCHEMES.includes(scheme);
  // What stands before the sign is then taken for the host.
  if (servesHttp && hasBareSign(value))
    return {
      ...facts,
      state: 'bad_credentials',
      problem: BARE_SIGN,
      hasCredentials: true,
      servesHttp,
      servesWebsocket,
    };
  const problem = problemOfScheme(scheme, { servesHttp, servesWebsocket });
  return {
    ...facts,
    state: problem === undefined ? 'usable' : 'other_scheme',
    problem,
    servesHttp,
    servesWebsocket,
  };
}

/** The HTTP client takes a SOCKS address and then speaks HTTP to it, or stops at it (codex 0.169; see `decision.ts`). */
function problemOfScheme(
  scheme: string,
  { servesHttp, servesWebsocket }: Pick<ProxyValue, 'servesHttp' | 'servesWebsocket'>,
): string | undefined {
  if (!servesHttp) return 'its scheme is none that a proxy can have';
  if (scheme.startsWith('socks'))
    return servesWebsocket ? 'the HTTP client does not speak SOCKS' : 'neither client speaks SOCKS 4';
  return servesWebsocket ? undefined : `the WebSocket client takes no ${scheme} proxy`;
}

const BARE_SIGN = 'its user name or password has a sign such as / # ? or \\ that is not percent-encoded';

/** A URL ends its host at such a sign, so that the `@` of the credentials lands behind it. */
const hasBareSign = (value: string): boolean =>
  /^[^/@]*[/?#\\][^@]*@[^@]+:\d+\/?$/.test(value.replace(/^[^/]*\/\//, ''));

/** The HTTP client takes a stray percent sign as it stands; the WebSocket client refuses the value (codex 0.169). */
function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(value: string): string {
  const authority = value.replace(/^[^/]*\/\//, '').split(/[/?#]/, 1)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === '') return 'it names no host';
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined && Number(port) > 65_535) return 'its port is above 65535';
  if (/:[^\d:\]][^\]]*$/.test(host)) return 'its port is not a number';
  return /\s/.test(host) ? 'white space stands in its host' : 'it cannot be read as a URL';
}
