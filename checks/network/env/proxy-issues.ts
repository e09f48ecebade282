import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { ProxySetting } from '../../../src/net/proxy/variables.ts';
import { describeFlaw } from '../parts/flaw-words.ts';
import type { NetworkEvidence, Route } from './evidence.ts';

/** What is wrong with the proxy variables themselves. */
export function proxyIssues({ settings, noProxy, dotenv }: NetworkEvidence): VerdictIssue[] {
  const issues = settings.flatMap((setting) => [
    ...formIssue(setting, dotenv.path),
    ...spellingIssue(setting),
  ]);
  if (noProxy?.hidesOther)
    issues.push(twoSpellings('NO_PROXY', 'no_proxy', 'both are set to different values'));
  return issues;
}

function formIssue({ effective }: ProxySetting, dotenvPath: string): VerdictIssue[] {
  if (!effective?.problem) return [];
  const { name, problem, scheme, servesHttp, servesWebsocket, origin, state } = effective;
  const place = origin === 'shell' ? name : `${name} in ${dotenvPath}`;
  return [
    warn({
      class: 'invalid_value',
      cause: `${name} is not usable for every request: ${problem}`,
      measured: problem,
      expected: 'a URL such as http://host:port',
      remedy:
        state === 'bad_credentials'
          ? encodingRemedy(place)
          : scheme?.startsWith('socks')
            ? `Name an HTTP proxy in ${place}, such as http://host:port${servesWebsocket ? ': only WebSockets go through a SOCKS proxy' : ''}.`
            : servesHttp
              ? `Write ${place} as http://host:port: the WebSocket client takes no other form but socks5.`
              : `Write ${place} as http://host:port; as it stands, HTTP requests go past the proxy and WebSockets fail.`,
      fields: [name],
    }),
  ];
}

const encodingRemedy = (place: string): string =>
  `Write user name and password in ${place} percent-encoded: %40 for @, %3A for :, %2F for /, %23 for #, %5C for \\, %25 for %.`;

function spellingIssue({ name, effective, hidden, differs }: ProxySetting): VerdictIssue[] {
  if (!effective || !hidden || !differs) return [];
  return [
    twoSpellings(
      name,
      hidden.name,
      effective.state === 'empty'
        ? `${name} is set but empty, and hides the other`
        : 'both are set to different values',
    ),
  ];
}

function twoSpellings(upper: string, lower: string, measured: string): VerdictIssue {
  return warn({
    class: 'ambiguous',
    failure: { phase: 'configuration' },
    cause: `${upper} and ${lower} disagree, and only ${upper} is read`,
    measured,
    expected: 'one of them, or both with the same value',
    remedy: `Unset the one that is not meant; other programs may read ${lower} instead.`,
    fields: [upper, lower],
  });
}

/** Where the variables, each well formed, lead requests astray. */
export function routeIssues({ routes, settings }: NetworkEvidence): VerdictIssue[] {
  const issues: VerdictIssue[] = [];
  const inference = routes.find(({ purpose }) => purpose === 'inference');
  const websocket = routes.find(({ purpose }) => purpose === 'websocket');
  const isMalformed = settings.some(({ effective }) => effective?.problem);
  if (inference && websocket && !isMalformed && isProxied(inference) !== isProxied(websocket))
    issues.push(splitIssue(inference, websocket));
  const variable = inference?.decision.kind === 'proxied' ? inference.decision.variable : undefined;
  if (inference?.isLoopback && variable !== undefined)
    issues.push(
      warn({
        class: 'mismatch',
        failure: { phase: 'proxy' },
        cause: `The provider runs on this machine, but ${variable} sends its requests to a proxy`,
        measured: `a loopback address through ${variable}`,
        expected: 'no proxy for this machine',
        remedy: 'Add localhost,127.0.0.1 to NO_PROXY.',
        fields: ['proxy for inference'],
      }),
    );
  return issues;
}

const isProxied = ({ decision }: Route): boolean =>
  decision.kind === 'proxied' || decision.kind === 'refused';

function splitIssue(inference: Route, websocket: Route): VerdictIssue {
  const proxied = isProxied(inference) ? 'HTTP requests' : 'WebSockets';
  const direct = isProxied(inference) ? 'WebSockets' : 'HTTP requests';
  const byException = [inference, websocket].some(({ decision }) => decision.kind === 'bypassed');
  return warn({
    class: 'mismatch',
    failure: { phase: 'proxy' },
    cause: `${proxied} to the provider go through a proxy and ${direct} do not`,
    measured: byException
      ? 'an entry of NO_PROXY that only one of the two clients reads'
      : 'HTTP_PROXY without HTTPS_PROXY',
    expected: 'one way for both',
    remedy: byException
      ? 'Name the host in NO_PROXY in lower case and without a port or a range: both clients read that.'
      : 'Set HTTPS_PROXY as well: for https addresses only the WebSocket client falls back to HTTP_PROXY.',
    fields: ['proxy for inference', 'proxy for websocket'],
  });
}

/** Addresses that no request can go to, whoever is between, and one to which requests go astray. */
export function addressIssues({ unusableAddresses, baseFlaw, agent }: NetworkEvidence): VerdictIssue[] {
  const words = describeFlaw(baseFlaw?.flaw);
  const astray =
    baseFlaw && words
      ? [
          warn({
            class: 'invalid_value',
            cause: `${agent} puts its requests together wrongly from ${baseFlaw.source}: ${words.problem}`,
            measured: words.problem,
            expected: 'an address that ends just before /responses',
            remedy: `Correct ${baseFlaw.source}: ${words.remedy}.`,
            fields: [],
          }),
        ]
      : [];
  const unusable = unusableAddresses.map(({ source, problem }) =>
    fail({
      class: 'invalid_value',
      cause: `${agent} cannot call the address in ${source}: ${problem}`,
      measured: problem,
      expected: 'a URL that begins with https:// or http://',
      remedy: `Correct ${source}.`,
      fields: [],
    }),
  );
  return [...unusable, ...astray];
}

/** A common mistake: other tools read the variable, this agent does not. */
export function baseUrlIssues({ openaiBaseUrl, agent, configFile }: NetworkEvidence): VerdictIssue[] {
  if (!openaiBaseUrl?.concerns || openaiBaseUrl.isReplaced) return [];
  return [
    warn({
      class: 'unknown_key',
      cause: openaiBaseUrl.isRead
        ? `OPENAI_BASE_URL decides where ${agent} sends its requests, which is deprecated`
        : `OPENAI_BASE_URL is set, but ${agent} does not go by it`,
      measured: `set in ${openaiBaseUrl.origin === 'shell' ? 'the shell' : openaiBaseUrl.origin}`,
      expected: `openai_base_url in ${configFile}`,
      remedy: `Set openai_base_url in ${configFile} to that address, ${openaiBaseUrl.isRead ? 'and' : 'or'} unset OPENAI_BASE_URL.`,
      fields: ['OPENAI_BASE_URL'],
    }),
  ];
}
