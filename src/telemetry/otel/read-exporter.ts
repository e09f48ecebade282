import { resolve } from 'node:path';
import { describeUrl } from '../../redact/places.ts';
import { isTable, stringAt, tableAt } from '../../target/config/facts.ts';
import type { ConfigTable, ConfigValue } from '../../target/config/facts.ts';
import { readHeaders } from './read-headers.ts';
import type { Tell, Variables } from './read-variables.ts';
import type { OtlpProtocol, OtlpSettings, Signal } from './settings.ts';

/** What `[otel]` says of one signal: a variant with its table, or one of the words. */
export interface ConfiguredExporter {
  readonly kind: 'otlp-http' | 'otlp-grpc' | 'statsig' | 'none';
  readonly table: ConfigTable;
  /** Of the file that says so; its relative paths start there. */
  readonly folder: string;
  /** `otel.trace_exporter`. */
  readonly keyPath: string;
}

export interface ExporterSources {
  readonly configured: ConfiguredExporter | undefined;
  readonly variables: Variables;
  /** Relative paths in variables start here. */
  readonly cwd: string;
  readonly tell: Tell;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_ENDPOINTS = { http: 'http://localhost:4318', grpc: 'http://localhost:4317' } as const;

/**
 * Where a signal goes that is switched on; undefined where what is said cannot be used, which is then told. Each field
 * comes from the configuration, else from the signal's own variable, else from the one for all signals.
 */
export function readExporter(signal: Signal, sources: ExporterSources): OtlpSettings | undefined {
  const { configured, variables } = sources;
  const names = (field: string): readonly [own: string, shared: string] => [
    `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${field}`,
    `OTEL_EXPORTER_OTLP_${field}`,
  ];
  const from = <Value>(field: string, read: (name: string) => Value | undefined): Value | undefined => {
    const [own, shared] = names(field);
    return read(own) ?? read(shared);
  };
  const protocol =
    configuredProtocol(configured) ??
    from('PROTOCOL', (name) => variables.word(name, PROTOCOLS)) ??
    PROTOCOLS[0];
  const isInsecure = (): boolean => {
    const name = variables.firstSet(names('INSECURE'));
    return name !== undefined && variables.isTrue(name);
  };
  const said =
    configuredEndpoint(configured) ?? endpointOfVariables(names('ENDPOINT'), variables, signal, protocol);
  const endpoint = addressOf(said.text, { protocol, isInsecure });
  if (endpoint === undefined) {
    sources.tell({
      kind: 'signal',
      signal,
      source: said.source,
      message: `${said.source} is no address that ${signal} can go to: ${describeUrl(said.text)}`,
    });
    return undefined;
  }
  const tls = readTls(signal, names, sources);
  if (!tls) return undefined;
  const variable = variables.firstSet(names('HEADERS'));
  return {
    kind: 'otlp',
    protocol,
    endpoint,
    headers: readHeaders({
      configured,
      variable,
      pairs: (variable !== undefined && variables.pairs(variable)) || {},
      tell: sources.tell,
    }),
    compression: from('COMPRESSION', (name) => variables.word(name, ['gzip', 'none'])) ?? 'none',
    timeoutMs: from('TIMEOUT', (name) => variables.natural(name, { least: 1 })) ?? DEFAULT_TIMEOUT_MS,
    tls,
    source: said.source,
  };
}

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const satisfies readonly OtlpProtocol[];

function configuredProtocol(configured: ConfiguredExporter | undefined): OtlpProtocol | undefined {
  if (configured?.kind === 'otlp-grpc') return 'grpc';
  if (configured?.kind !== 'otlp-http') return undefined;
  return stringAt(configured.table, 'protocol') === 'json' ? 'http/json' : 'http/protobuf';
}

interface Endpoint {
  readonly text: string;
  readonly source: string;
}

function configuredEndpoint(configured: ConfiguredExporter | undefined): Endpoint | undefined {
  const text = configured && stringAt(configured.table, 'endpoint')?.trim();
  return configured && text ? { text, source: configured.keyPath } : undefined;
}

/** A signal's own address is used as it is, one for all signals gets the signal's path, unless it is of a gRPC server. */
function endpointOfVariables(
  [own, shared]: readonly [own: string, shared: string],
  variables: Variables,
  signal: Signal,
  protocol: OtlpProtocol,
): Endpoint {
  const text = variables.text(own);
  if (text !== undefined) return { text, source: own };
  const isGrpc = protocol === 'grpc';
  const base = variables.text(shared);
  const source = base === undefined ? 'the default endpoint' : shared;
  const start = base ?? DEFAULT_ENDPOINTS[isGrpc ? 'grpc' : 'http'];
  return { text: isGrpc ? start : withPath(start, signal), source };
}

function withPath(base: string, signal: Signal): string {
  const url = URL.parse(base);
  if (!url) return base;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return url.href;
}

function addressOf(
  text: string,
  { protocol, isInsecure }: { readonly protocol: OtlpProtocol; readonly isInsecure: () => boolean },
): string | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  // A gRPC target may stand without a scheme; then a variable says whether it is a secure one.
  const scheme = hasScheme || protocol !== 'grpc' ? '' : isInsecure() ? 'http://' : 'https://';
  const url = URL.parse(`${scheme}${text}`);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined;
}

function readTls(
  signal: Signal,
  names: (field: string) => readonly [string, string],
  { configured, variables, cwd, tell }: ExporterSources,
): OtlpSettings['tls'] | undefined {
  const path = (key: string, field: string): string | undefined => {
    const said = configured && stringAt(configured.table, `tls.${key}`)?.trim();
    if (configured && said) return resolve(configured.folder, said);
    const variable = variables.firstSet(names(field));
    return variable === undefined ? undefined : resolve(cwd, variables.text(variable) ?? '');
  };
  const caFile = path('ca-certificate', 'CERTIFICATE');
  const clientCertificateFile = path('client-certificate', 'CLIENT_CERTIFICATE');
  const clientKeyFile = path('client-private-key', 'CLIENT_KEY');
  if ((clientCertificateFile === undefined) !== (clientKeyFile === undefined)) {
    const source = configured ? `${configured.keyPath}.tls` : names('CLIENT_CERTIFICATE')[1];
    const [has, lacks] = clientKeyFile === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    tell({
      kind: 'signal',
      signal,
      source,
      message: `the client ${has} for ${signal} has no ${lacks} with it (${source}): both are needed`,
    });
    return undefined;
  }
  return {
    ...(caFile !== undefined && { caFile }),
    ...(clientCertificateFile !== undefined && { clientCertificateFile }),
    ...(clientKeyFile !== undefined && { clientKeyFile }),
  };
}

/** What stands at a key such as `otel.exporter`. Its shape was held against the schema when the file was read. */
export function configuredExporter(
  value: ConfigValue | undefined,
  place: Pick<ConfiguredExporter, 'folder' | 'keyPath'>,
): ConfiguredExporter | undefined {
  if (value === 'none' || value === 'statsig') return { kind: value, table: {}, ...place };
  if (!isTable(value)) return undefined;
  const kind = (['otlp-http', 'otlp-grpc'] as const).find((variant) => isTable(value[variant]));
  return kind && { kind, table: tableAt(value, kind) ?? {}, ...place };
}
