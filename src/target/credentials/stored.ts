import type { Secret } from '../../redact/secret.ts';
import { hasText, missingParts } from './requirements.ts';
import { STORED_MODES } from './stored-mode.ts';
import type { StoredMode } from './stored-mode.ts';
import { accountIdOf, claimsOf, emailOf, readToken, record, userIdOf } from './token.ts';
import type { TokenFacts } from './token.ts';

/** A stored credential without its secrets: which parts are there, and what its tokens say about themselves. */
export interface StoredCredential {
  readonly mode: StoredMode;
  /** Stated by `auth_mode`, or worked out from what the file holds. */
  readonly modeIsStated: boolean;
  readonly hasApiKey: boolean;
  readonly hasTokens: boolean;
  readonly hasAgentIdentity: boolean;
  /** What this mode needs and the file does not hold, in plain words. */
  readonly missing: readonly string[];
  readonly accessToken: TokenFacts;
  readonly hasRefreshToken: boolean;
  /** Milliseconds since the epoch. */
  readonly lastRefreshMs: number | undefined;
  readonly planType: string | undefined;
  /** Stored with a Bedrock key; the agent prefers it to any other region. */
  readonly bedrockRegion: string | undefined;
  /** An account is an identifier and no secret; it is compared with the required workspace and not shown. */
  readonly accountId: string | undefined;
  /** Of the person, as the id token names them; an identifier like the account. */
  readonly userId: string | undefined;
  /** Only revealed for what may name a person. */
  readonly email: Secret | undefined;
}

export type StoredReading =
  | { readonly kind: 'stored'; readonly credential: StoredCredential }
  /** The agent refuses the whole file. `problem` holds key names and types, never a value. */
  | {
      readonly kind: 'malformed';
      readonly problem: string;
      readonly line?: number | undefined;
      readonly column?: number | undefined;
    };

/** Reads `auth.json` as strictly as the agent does, so that what it refuses is called malformed here too. */
export function readStored(text: string): StoredReading {
  if (text.charCodeAt(0) === 0xfeff)
    return malformed('it begins with a byte-order mark', { line: 1, column: 1 });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return malformed(text.trim() === '' ? 'it is empty' : 'it is not JSON', placeOf(error, text));
  }
  const file = record(parsed);
  if (!file) return malformed('its content is not a JSON object');
  const stated = file['auth_mode'] ?? undefined;
  const mode = stated === undefined ? impliedMode(file) : STORED_MODES.get(stated);
  if (mode === undefined) return malformed('`auth_mode` is none that the agent knows');
  for (const key of ['OPENAI_API_KEY', 'last_refresh', 'personal_access_token'])
    if (!isTextOrAbsent(file[key])) return malformed(`\`${key}\` is not a text`);
  const lastRefresh = optionalText(file['last_refresh']);
  const lastRefreshMs = lastRefresh === undefined ? undefined : Date.parse(lastRefresh);
  if (
    lastRefreshMs !== undefined &&
    (Number.isNaN(lastRefreshMs) || !/^\d{4}-.*[Tt ]/.test(lastRefresh ?? ''))
  )
    return malformed('`last_refresh` is not an RFC 3339 time');
  const tokens = file['tokens'] ?? undefined;
  const problem = (tokens === undefined ? undefined : problemOfTokens(tokens)) ?? problemOfBedrock(file);
  if (problem) return malformed(problem);
  return { kind: 'stored', credential: credentialOf(file, mode, stated !== undefined, lastRefreshMs) };
}

function malformed(
  problem: string,
  place: { line?: number | undefined; column?: number | undefined } = {},
): StoredReading {
  return { kind: 'malformed', problem, ...place };
}

/** Only the place is taken from the parser's message: the message itself can quote the file. */
function placeOf(error: unknown, text: string): { line?: number; column?: number } {
  const message = error instanceof Error ? error.message : '';
  const place = /\(line (\d+) column (\d+)\)/.exec(message);
  if (place) return { line: Number(place[1]), column: Number(place[2]) };
  if (!/end of JSON/.test(message)) return {};
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function impliedMode(file: Readonly<Record<string, unknown>>): StoredMode {
  if (optionalText(file['personal_access_token']) !== undefined) return 'personal_access_token';
  if (record(file['bedrock_api_key'])) return 'bedrock_api_key';
  if (record(file['bedrock_access_keys'])) return 'bedrock_access_keys';
  return optionalText(file['OPENAI_API_KEY']) === undefined ? 'chatgpt' : 'api_key';
}

function problemOfTokens(value: unknown): string | undefined {
  const tokens = record(value);
  if (!tokens) return '`tokens` is not an object';
  for (const key of ['id_token', 'access_token', 'refresh_token'])
    if (typeof tokens[key] !== 'string')
      return `\`tokens.${key}\` is ${key in tokens ? 'not a text' : 'absent'}`;
  if (!isTextOrAbsent(tokens['account_id'])) return '`tokens.account_id` is not a text';
  return claimsOf(String(tokens['id_token'])) ? undefined : '`tokens.id_token` is not a JSON web token';
}

function problemOfBedrock(file: Readonly<Record<string, unknown>>): string | undefined {
  const needed = {
    bedrock_api_key: ['api_key', 'region'],
    bedrock_access_keys: ['access_key_id', 'secret_access_key'],
  };
  for (const [name, keys] of Object.entries(needed)) {
    const value = file[name] ?? undefined;
    if (value === undefined) continue;
    const keysThere = record(value);
    if (!keysThere) return `\`${name}\` is not an object`;
    const lacking = keys.find((key) => typeof keysThere[key] !== 'string');
    if (lacking) return `\`${name}.${lacking}\` is ${lacking in keysThere ? 'not a text' : 'absent'}`;
  }
  return undefined;
}

function credentialOf(
  file: Readonly<Record<string, unknown>>,
  mode: StoredMode,
  modeIsStated: boolean,
  lastRefreshMs: number | undefined,
): StoredCredential {
  const tokens = record(file['tokens']);
  const identity = tokens && claimsOf(String(tokens['id_token']));
  const accessToken = readToken(
    mode === 'agent_identity' ? optionalText(file['agent_identity']) : optionalText(tokens?.['access_token']),
  );
  const hasApiKey = hasText(file['OPENAI_API_KEY']);
  const planOfIdentity = readToken(optionalText(tokens?.['id_token']));
  return {
    mode,
    modeIsStated,
    hasApiKey,
    hasTokens: tokens !== undefined,
    hasAgentIdentity: file['agent_identity'] !== undefined && file['agent_identity'] !== null,
    missing: missingParts(mode, file),
    accessToken,
    hasRefreshToken: hasText(tokens?.['refresh_token']),
    lastRefreshMs,
    planType: planOfIdentity.kind === 'readable' ? planOfIdentity.planType : undefined,
    bedrockRegion: mode.startsWith('bedrock_')
      ? optionalText(record(file[mode])?.['region'])?.trim() || undefined
      : undefined,
    accountId: (identity && accountIdOf(identity)) ?? optionalText(tokens?.['account_id']),
    userId: identity && userIdOf(identity),
    email: identity && emailOf(identity),
  };
}

const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isTextOrAbsent = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string';
