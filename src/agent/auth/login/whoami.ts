import type { Network } from '../../../net/network.ts';
import type { Secret } from '../../../redact/secret.ts';
import { record } from '../../../target/credentials/token.ts';
import type { Environment } from '../../../target/home.ts';
import { ModelError } from '../../model/error.ts';
import { ask, introduction } from '../ask.ts';
import type { Answer, ClientSoftware } from '../ask.ts';

const DEFAULT_BASE = 'https://auth.openai.com/api/accounts';
const BASE_VARIABLE = 'CODEX_AUTHAPI_BASE_URL';
/** The first turn waits for it. */
const TIMEOUT_MS = 10_000;
/** A few fields about one account. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface TokenAccount {
  readonly id: string;
  readonly isFedramp: boolean;
}

/**
 * The account of a personal access token (spec/transport.md 4.4).
 * @throws ModelError `refresh_failed` where the token is refused, `input_output` where trying again may help
 */
export async function whoIs(
  token: Secret,
  {
    network,
    env,
    client,
  }: { readonly network: Network; readonly env: Environment; readonly client: ClientSoftware },
): Promise<TokenAccount> {
  const base = env[BASE_VARIABLE]?.trim() || DEFAULT_BASE;
  let answer: Answer;
  try {
    answer = await ask(network, {
      url: `${base.replace(/\/+$/, '')}/v1/user-auth-credential/whoami`,
      method: 'GET',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        ...introduction(client),
      },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
  } catch {
    // The error of a client may quote the request.
    throw notFound('the sign-in server could not be reached');
  }
  if (answer.status === 401 || answer.status === 403) {
    const message = `The personal access token is refused (HTTP ${answer.status}). Make a new one, or sign in.`;
    throw new ModelError({ kind: 'refresh_failed', reason: 'other', message }, message);
  }
  const body = record(answer.json);
  const id = body?.['chatgpt_account_id'];
  if (answer.status !== 200 || typeof id !== 'string' || id === '')
    throw notFound(`the sign-in server answered with HTTP ${answer.status} and no account`);
  return { id, isFedramp: body?.['chatgpt_account_is_fedramp'] === true };
}

function notFound(problem: string): ModelError {
  const message = `The account of the personal access token could not be looked up: ${problem}.`;
  return new ModelError({ kind: 'input_output', message }, message);
}
