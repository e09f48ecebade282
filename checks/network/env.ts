import { join } from 'node:path';
import { conclude, defineCheck } from '../../src/doctor/check.ts';
import { isOutOfReach } from '../../src/target/home.ts';
import type { ProxyDecision } from '../../src/net/proxy/decision.ts';
import { ADDRESS_VARIABLE } from '../../src/target/provider/load.ts';
import { headersOf } from '../../src/target/request/headers.ts';
import type { ProviderRoutes } from '../../src/target/request/routes.ts';
import type { ProxyVariable } from '../../src/net/proxy/variables.ts';
import { isThisMachine } from './parts/situation.ts';
import { dotenvIssues } from './env/dotenv-issues.ts';
import { headerIssues } from './env/header-issues.ts';
import type { NetworkEvidence, Route } from './env/evidence.ts';
import { addressIssues, baseUrlIssues, proxyIssues, routeIssues } from './env/proxy-issues.ts';

export default defineCheck({
  id: 'network.env',
  section: 'Connectivity',
  category: 'network',
  title: 'The environment that decides how the agent reaches the network is well formed',
  budgetMs: 2_000,
  probe({ target, network, files }): NetworkEvidence {
    const { profile, path } = target.home;
    const environment = target.environment();
    const proxies = network.proxies();
    const provider = target.providers().active;
    return {
      agent: profile.name,
      configFile: join(path, 'config.toml'),
      dotenv: { path: environment.path, file: environment.file },
      isHomeOutOfReach: isOutOfReach(path, files),
      settings: proxies.settings,
      noProxy: proxies.noProxy,
      routes: target.endpoints().flatMap(({ purpose, url }): Route[] => {
        const parsed = URL.parse(url);
        return parsed
          ? [{ purpose, decision: proxies.decide(parsed), isLoopback: isThisMachine(parsed) }]
          : [];
      }),
      unusableAddresses: target.endpoints().flatMap(({ purpose, url, source }) => {
        const problem = purpose === 'websocket' ? undefined : problemOfAddress(url);
        return source === undefined || problem === undefined ? [] : [{ source, problem }];
      }),
      baseFlaw: flawOf(target.routes()),
      // Whoever asks makes no difference to what is configured.
      illegalHeaders: headersOf('websocket', target, { userAgent: '' }).illegal,
      openaiBaseUrl: environment.values[ADDRESS_VARIABLE]?.trim()
        ? {
            origin: environment.originOf(ADDRESS_VARIABLE) ?? 'shell',
            concerns: provider?.id === 'openai',
            isReplaced: provider?.baseUrlSource === 'openai_base_url',
            isRead: provider?.baseUrlSource === ADDRESS_VARIABLE,
          }
        : undefined,
    };
  },
  judge(seen) {
    const { settings, noProxy, routes, openaiBaseUrl, dotenv } = seen;
    const variables = settings.flatMap(({ effective, hidden }) =>
      [effective, hidden].filter((one) => one !== undefined),
    );
    const named = [...variables.map(({ name }) => name), ...(noProxy ? [noProxy.name] : [])];
    return conclude({
      summary:
        named.length === 0
          ? 'no proxy variables'
          : `${named.length} proxy variable${named.length === 1 ? '' : 's'}`,
      details: {
        'proxy env vars': named.length === 0 ? 'none' : named,
        ...Object.fromEntries(variables.map((variable) => [variable.name, describeVariable(variable)])),
        ...(noProxy && { [noProxy.name]: `set (${noProxy.origin})` }),
        ...Object.fromEntries(
          routes.map(({ purpose, decision }) => [`proxy for ${purpose}`, describeDecision(decision)]),
        ),
        [ADDRESS_VARIABLE]:
          openaiBaseUrl &&
          `set, ${openaiBaseUrl.isRead ? 'read for want of openai_base_url' : 'not read'} (${openaiBaseUrl.origin})`,
        '.env file': dotenv.file.kind === 'missing' ? undefined : dotenv.path,
        '.env variables': dotenv.file.kind === 'read' ? dotenv.file.names : undefined,
      },
      issues: [
        ...dotenvIssues(seen),
        ...addressIssues(seen),
        ...headerIssues(seen),
        ...proxyIssues(seen),
        ...routeIssues(seen),
        ...baseUrlIssues(seen),
      ],
    });
  },
});

const flawOf = (routes: ProviderRoutes | undefined): NetworkEvidence['baseFlaw'] =>
  routes?.flaw && routes.source !== undefined ? { source: routes.source, flaw: routes.flaw } : undefined;

function problemOfAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return 'it cannot be read as a URL';
  return parsed.protocol === 'http:' || parsed.protocol === 'https:'
    ? undefined
    : 'its scheme is neither http nor https';
}

function describeVariable({ state, scheme, hasCredentials, origin }: ProxyVariable): string {
  if (state === 'empty') return `empty (${origin})`;
  const what = scheme === undefined ? 'malformed' : `${scheme} proxy`;
  return `${what}, ${hasCredentials ? 'with' : 'without'} credentials (${origin})`;
}

export function describeDecision(decision: ProxyDecision): string {
  switch (decision.kind) {
    case 'direct':
      return 'none';
    case 'proxied':
      return decision.variable;
    case 'bypassed':
      return `none: entry ${decision.entry} of ${decision.variable} takes the host out`;
    case 'refused':
      return `error: the client refuses ${decision.variable}`;
  }
}
