import { join } from 'node:path';
import type { Files } from '../host/files.ts';
import { isOpaque } from '../redact/opaque.ts';
import { isSecretArgument, isSecretUnderName, mayNameSecret } from '../redact/rules/named.ts';
import { Secret } from '../redact/secret.ts';
import { mapStrings } from '../redact/structure.ts';
import type { Place } from '../redact/structure.ts';
import { isTable } from './config/facts.ts';
import type { ConfigValue } from './config/facts.ts';
import { readCredentialText } from './credentials/auth-file.ts';
import type { Environment } from './home.ts';
import type { Target } from './target.ts';

/** The login of the agent, and its logins at MCP servers. */
const CREDENTIAL_FILES = ['auth.json', '.credentials.json'] as const;

/**
 * Values of an installation that are secret by the place where they stand: in its configuration, its environment and its
 * files of credentials. No rule knows a key without a maker's mark; who has these hides it wherever something repeats it,
 * such as a command of the agent that prints its environment. Reads files and changes none. Never throws: what cannot be
 * read has nothing to hide.
 */
export function knownSecrets(
  target: Pick<Target, 'home' | 'config' | 'environment' | 'providers' | 'mcp'>,
  files: Files,
): readonly Secret[] {
  const likely = [
    ...orNone(() => target.config().layers.flatMap((layer) => secretsIn(layer.values))),
    ...orNone(() => secretsIn({ ...target.environment().values })),
    ...orNone(() => valuesOf(target, variablesOf(target).others)),
  ];
  const certain = [
    ...orNone(() => target.config().layers.flatMap((layer) => credentialsIn(layer.values))),
    ...orNone(() => pairsIn(target.environment().values)),
    ...orNone(() => valuesOf(target, variablesOf(target).credentials)),
    ...CREDENTIAL_FILES.flatMap((name) =>
      orNone(() => secretsIn(dataOf(join(target.home.path, name), files))),
    ),
  ];
  const providers = orNone(() => target.providers().knownIds);
  const texts = [
    ...likely.filter(isTellable),
    // A server of one's own that asks for some key gets its own name: `lmstudio`.
    ...certain.filter((text) => text.length >= MIN_LENGTH && !providers.includes(text)),
  ];
  return [...new Set(texts)].map((text) => new Secret(text));
}

/** A fault in one source must not cost what the others hide, nor the report. */
function orNone(find: () => readonly string[]): readonly string[] {
  try {
    return find();
  } catch {
    return [];
  }
}

const valuesOf = ({ environment }: Pick<Target, 'environment'>, names: readonly string[]): string[] =>
  names.map((name) => environment().values[name] ?? '');

/** Variables that the configuration takes a credential from, and those that it takes other headers from. */
function variablesOf({ providers, mcp }: Pick<Target, 'providers' | 'mcp'>): {
  readonly credentials: readonly string[];
  readonly others: readonly string[];
} {
  const { active } = providers();
  const servers = mcp().servers.flatMap(({ transport }) =>
    transport.kind === 'streamable_http' ? [transport] : [],
  );
  const headers = [active?.headerVariables, ...servers.map(({ headerVariables }) => headerVariables)].flatMap(
    (variables) => Object.entries(variables ?? {}),
  );
  const variablesWhere = (isWanted: (header: string) => boolean): string[] =>
    headers.filter(([header]) => isWanted(header)).map(([, variable]) => variable);
  return {
    credentials: [
      active?.environmentKey ?? '',
      ...servers.map(({ bearerTokenVariable }) => bearerTokenVariable ?? ''),
      ...variablesWhere(isCredentialHeader),
    ],
    others: variablesWhere((header) => !isCredentialHeader(header)),
  };
}

/** Members of a configuration whose names are those of headers: of a provider, an MCP server, an exporter. */
const HEADERS = /^(?:http_)?headers$/;
/** What is sent as `Authorization`. */
const BEARER = /^(?:experimental_)?bearer_token$/;

/** What a configuration sends as a credential, even where it is a plain word. */
function credentialsIn(data: ConfigValue | undefined): string[] {
  if (Array.isArray(data)) return data.flatMap(credentialsIn);
  if (!isTable(data)) return [];
  return Object.entries(data).flatMap(([name, value]) => {
    if (HEADERS.test(name) && isTable(value)) return credentialHeadersIn(Object.entries(value));
    return BEARER.test(name) && typeof value === 'string' ? [value] : credentialsIn(value);
  });
}

const credentialHeadersIn = (headers: readonly (readonly [string, unknown])[]): string[] =>
  headers.flatMap(([name, value]) => (typeof value === 'string' && isCredentialHeader(name) ? [value] : []));

const isCredentialHeader = (name: string): boolean => CREDENTIAL_HEADER.test(name) || mayNameSecret(name);

/** `OTEL_EXPORTER_OTLP_HEADERS`, and those of one signal. */
const PAIRS = /^OTEL_\w*HEADERS$/;

/** Values of variables that hold headers. */
function pairsIn(values: Environment): string[] {
  const pairs = Object.entries(values)
    .filter(([name]) => PAIRS.test(name))
    .flatMap(([, text = '']) => text.split(','))
    .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), decoded(afterEquals(pair))] as const);
  return [...credentialHeadersIn(pairs), ...pairs.flatMap(([name, value]) => secretsIn({ [name]: value }))];
}

const afterEquals = (pair: string): string => pair.slice(pair.indexOf('=') + 1).trim();

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function dataOf(path: string, files: Files): unknown {
  const read = readCredentialText(path, files);
  try {
    return read.kind === 'text' ? (JSON.parse(read.text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function secretsIn(data: unknown): string[] {
  const found: string[] = [];
  const string = (text: string, place: Place): string => {
    if (text.includes('://')) found.push(...credentialsOf(text));
    else if (isSecretAt(text, place)) found.push(text);
    return text;
  };
  mapStrings(data, { name: (name) => name, string });
  return found;
}

/** Headers whose name is none of a secret. */
const CREDENTIAL_HEADER = /^(?:proxy-)?authorization$|cookie$/i;

/** Names of what is random and public: `HOSTNAME` of a container, `client_id`, `GITHUB_RUN_ID`. */
const IDENTIFYING = /(?:^|[_-])(?:host|hostname|id|name|ref|sha|version)$/i;

function isSecretAt(text: string, { member = '', before }: Place): boolean {
  return (
    isSecretUnderName(member, text) ||
    CREDENTIAL_HEADER.test(member) ||
    (typeof before === 'string' && isSecretArgument(text, before)) ||
    // Paths have parts that look random, and say where something is.
    (isOpaque(text) && !/[\\/]/.test(text) && !IDENTIFYING.test(member))
  );
}

/** Of an address: its password, or the key in its place, as in a DSN; and parameters that are secret. */
function credentialsOf(address: string): string[] {
  const url = URL.parse(address);
  if (!url) return [];
  const user = url.password === '' ? url.username : url.password;
  return [decoded(user), ...[...url.searchParams].flatMap(([name, value]) => secretsIn({ [name]: value }))];
}

const MIN_LENGTH = 8;
/** Nobody writes so long a word by chance. */
const LONG_WORD = 16;

/** False for what stands in any text: `postgres` is a password on many machines. */
const isTellable = (text: string): boolean =>
  text.length >= LONG_WORD || (text.length >= MIN_LENGTH && !/^(?:[A-Za-z]+|[\d.:-]+)$/.test(text));
