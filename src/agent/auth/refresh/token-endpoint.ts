import type { Network } from '../../../net/network.ts';
import type { Secret } from '../../../redact/secret.ts';
import { claimsOf, record } from '../../../target/credentials/token.ts';
import type { Environment } from '../../../target/home.ts';
import { REFRESH_URL, REFRESH_VARIABLE } from '../../../target/provider/endpoints.ts';
import { ask, introduction } from '../ask.ts';
import type { Answer, ClientSoftware } from '../ask.ts';
import { classifyRefusal } from './decision.ts';
import type { RefreshFailure } from './decision.ts';
import type { NewTokens } from './store-tokens.ts';

/** The public client that every login of the agent belongs to. */
export const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann';
/** A turn waits for it, and a slow sign-in server is still better than a failed turn. */
const REFRESH_TIMEOUT_MS = 30_000;
/** Three tokens of a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export type TokenAnswer = { readonly kind: 'renewed'; readonly tokens: NewTokens } | RefreshFailure;

/** Asks for new tokens (spec/transport.md 4.5). Never throws; nothing that was sent or received is in what it returns but the tokens. */
export async function askForTokens(
  refreshToken: Secret,
  {
    network,
    env,
    client,
  }: { readonly network: Network; readonly env: Environment; readonly client: ClientSoftware },
): Promise<TokenAnswer> {
  let answer: Answer;
  try {
    answer = await ask(network, {
      // Set but empty, the variable is used as it stands, and the refresh fails (trap 30).
      url: env[REFRESH_VARIABLE] ?? REFRESH_URL,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...introduction(client),
      },
      body: JSON.stringify({
        client_id: CLIENT_ID,
        grant_type: 'refresh_token',
        refresh_token: refreshToken.reveal(),
      }),
      timeoutMs: REFRESH_TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
  } catch {
    // The error of a client may quote the request, and the address may be secret.
    return { kind: 'transient', problem: 'the sign-in server could not be reached' };
  }
  if (answer.status < 200 || answer.status > 299) return classifyRefusal(answer.status, answer.json);
  const tokens = tokensOf(answer.json);
  return tokens
    ? { kind: 'renewed', tokens }
    : { kind: 'transient', problem: 'the sign-in server gave an answer without tokens' };
}

function tokensOf(json: unknown): NewTokens | undefined {
  const body = record(json);
  if (!body) return undefined;
  const texts = ['id_token', 'access_token', 'refresh_token'].flatMap((key) => {
    const value = body[key];
    if (typeof value !== 'string' || value === '') return [];
    // One that cannot be read would make the whole file invalid.
    return key === 'id_token' && !claimsOf(value) ? [] : [[key, value] as const];
  });
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}
