import type { CheckContext } from '../../../src/doctor/context.ts';
import { isAnchor } from '../../../src/net/certificates/anchor.ts';
import { loadBundle, selectBundle } from '../../../src/net/certificates/load.ts';
import { findSystemRoots, readSystemRoots } from '../../../src/net/certificates/system-roots.ts';
import { readCertificate } from '../../../src/net/dial/certificate.ts';
import { whomToAsk } from '../parts/whom-to-ask.ts';
import { situationOf } from '../parts/situation.ts';
import type {
  BundleEvidence,
  CaEvidence,
  ForeignVariable,
  RootsEvidence,
  SeenEndpoints,
} from './evidence.ts';

type Place = Pick<CheckContext, 'target' | 'files' | 'cwd'>;

/** Other programs read these, and their users expect the agent to. */
const FOREIGN_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NIX_SSL_CERT_FILE',
  'DENO_CERT',
  'CARGO_HTTP_CAINFO',
];

export function lookAtBundle({ target, files, cwd }: Place): BundleEvidence | undefined {
  const variables = target.home.profile.caVariables;
  const environment = target.environment();
  const selected = selectBundle(variables, environment, cwd);
  if (!selected) return undefined;
  const origin = environment.originOf(selected.variable) ?? 'shell';
  const load = loadBundle(selected, { variables, files });
  if (load.kind === 'unusable') return { ...selected, origin, content: load };
  const { certificates, ...rest } = load.bundle;
  return {
    ...selected,
    origin,
    content: {
      kind: 'loaded',
      certificates: certificates.map((certificate) => ({
        ...readCertificate(certificate),
        isAnchor: isAnchor(certificate),
      })),
      ...rest,
    },
  };
}

export function lookAtRoots(
  { target, files, cwd }: Place,
  selectedVariable: string | undefined,
): RootsEvidence {
  const environment = target.environment();
  const roots = findSystemRoots({ environment, files, cwd });
  const isOwn = roots.kind === 'replaced' && roots.variables.some((name) => name !== selectedVariable);
  return {
    kind: roots.kind,
    variables: roots.kind === 'replaced' ? roots.variables : [],
    places: roots.kind === 'store' ? [] : [...roots.paths, ...roots.folders],
    count: isOwn ? readSystemRoots(roots, files).length : undefined,
    emptyVariables:
      roots.kind === 'replaced'
        ? []
        : ['SSL_CERT_FILE', 'SSL_CERT_DIR'].filter((name) => environment.values[name] === ''),
  };
}

export function lookAtForeignVariables(
  { target, files, cwd }: Place,
  { readsFiles }: { readonly readsFiles: boolean },
): ForeignVariable[] {
  const environment = target.environment();
  return FOREIGN_VARIABLES.flatMap((name) => {
    const selected = selectBundle([name], environment, cwd);
    if (!selected) return [];
    const load = readsFiles ? loadBundle(selected, { variables: [name], files }) : undefined;
    const certificates = load?.kind === 'loaded' ? load.bundle.certificates : [];
    return [{ name, path: selected.path, subjects: certificates.map((one) => readCertificate(one).subject) }];
  });
}

/** Which kinds of address of the agent are reached over TLS. */
export function tlsUse({ target }: Pick<CheckContext, 'target'>): CaEvidence['usesTls'] {
  const protocols = new Set(target.endpoints().map(({ url }) => URL.parse(url)?.protocol));
  return { http: protocols.has('https:'), websocket: protocols.has('wss:') };
}

/** Asks the secure endpoints of the provider, over the connections that other checks ask for too. */
export async function lookAtEndpoints(context: CheckContext): Promise<SeenEndpoints | undefined> {
  const { target, reachability, options } = context;
  if (options.offline || whomToAsk(context).kind === 'nobody') return undefined;
  const routes = reachability.routes();
  if (!routes || URL.parse(routes.base)?.protocol !== 'https:') return undefined;
  const situation = situationOf(target, routes);
  context.waitingFor(situation.host);
  const [http, websocket] = await Promise.all([reachability.base(), reachability.websocket()]);
  return { situation, http, websocket };
}
