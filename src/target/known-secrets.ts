import { join } from 'node:path';
import type { Files } from '../host/files.ts';
import { isOpaque } from '../redact/opaque.ts';
import { isSecretArgument, isSecretUnderName } from '../redact/rules/named.ts';
import { Secret } from '../redact/secret.ts';
import { mapStrings } from '../redact/structure.ts';
import type { Place } from '../redact/structure.ts';
import { readCredentialText } from './credentials/auth-file.ts';
import type { Environment } from './home.ts';
import type { Target } from './target.ts';

/** The login of the agent, and its logins at MCP servers. */
const CREDENTIAL_FILES = ['auth.json', '.credentials.json'] as const;

/**
 * Values of an installation that are secret by the place where they stand: in its configuration, its environment and its
 * files of credentials. No rule knows a key without a maker's mark; who has these hides it wherever something repeats it,
 * such as a command of the agent that prints its environment. Reads files and changes none.
 */
export function knownSecrets(
  target: Pick<Target, 'home' | 'config' | 'environment' | 'providers' | 'mcp'>,
  files: Files,
): readonly Secret[] {
  const { values } = target.environment();
  const texts = [
    ...target.config().layers.flatMap((layer) => secretsIn(layer.values)),
    ...secretsIn({ ...values }),
    ...pairsIn(values),
    ...variablesOf(target).map((name) => values[name] ?? ''),
    ...CREDENTIAL_FILES.flatMap((name) => secretsIn(dataOf(join(target.home.path, name), files))),
  ];
  return [...new Set(texts)].filter(isTellable).map((text) => new Secret(text));
}

/** Variables that the configuration takes a credential from, whatever they are called. */
function variablesOf({ providers, mcp }: Pick<Target, 'providers' | 'mcp'>): readonly string[] {
  const { active } = providers();
  return [
    ...(active?.environmentKey === undefined ? [] : [active.environmentKey]),
    ...Object.values(active?.headerVariables ?? {}),
    ...mcp().servers.flatMap(({ transport }) =>
      transport.kind === 'streamable_http'
        ? [transport.bearerTokenVariable ?? '', ...Object.values(transport.headerVariables)]
        : [],
    ),
  ];
}

/** `OTEL_EXPORTER_OTLP_HEADERS`, and those of one signal. */
const PAIRS = /^OTEL_\w*HEADERS$/;

/** Values of variables that hold headers. */
function pairsIn(values: Environment): string[] {
  return Object.entries(values)
    .filter(([name]) => PAIRS.test(name))
    .flatMap(([, text = '']) => text.split(','))
    .flatMap((pair) => secretsIn({ [pair.slice(0, pair.indexOf('=')).trim()]: decoded(afterEquals(pair)) }));
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
