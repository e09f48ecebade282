import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { describeSkew, isNoticeable } from '../../system/clock/skew.ts';
import type { Skew } from '../../system/clock/skew.ts';
import { describeAge } from '../token/time.ts';
import type { LiveEvidence } from './evidence.ts';
import type { Opinion } from './opinion.ts';

type Refused = Extract<Opinion, { kind: 'refused' }>;

export type Reason =
  | 'expired'
  | 'revoked'
  | 'wrong_key'
  | 'workspace'
  | 'account_closed'
  | 'permission'
  | 'region'
  | 'unknown';

/** Words in the codes of the provider. The first that fits decides; a code that is not known stays as it is. */
const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/workspace|organi[sz]ation|wrong_account|account_mismatch/, 'workspace'],
  [/deactivated|suspended|disabled|banned/, 'account_closed'],
  [/country|region|territory/, 'region'],
  [/invalidated|revoked|reused/, 'revoked'],
  [/expired/, 'expired'],
  [/api_key/, 'wrong_key'],
  [/permission|scope|access_denied|not_allowed/, 'permission'],
];

/** The provider's own words for its refusal, the most precise first. */
export function codesOf({ answer }: Refused): string[] {
  const { authErrorCode, authError, body } = answer;
  const codes = [authErrorCode, body.errorCode, authError, body.errorType];
  return [...new Set(codes.filter((code) => code !== undefined))];
}

export function reasonOf(refused: Refused): Reason {
  for (const code of codesOf(refused)) {
    const known = REASONS.find(([words]) => words.test(code.toLowerCase()));
    if (known) return known[1];
  }
  return 'unknown';
}

/** A login so young was made just now, so that another one will hardly be taken. */
const FRESH_MS = 10 * 60_000;

interface Words {
  readonly cause: string;
  readonly remedy: string;
  readonly command?: string;
}

/** The credential was sent and turned away: says why, and what to do about that. */
export function refusalIssue(refused: Refused, seen: LiveEvidence, skew: Skew | undefined): VerdictIssue {
  const { failure, answer } = refused;
  const { class: failureClass, ...facts } = failure;
  const codes = codesOf(refused);
  return fail({
    ...wordsOf(refused, seen, skew),
    class: failureClass,
    failure: facts,
    measured: [`HTTP ${answer.status}`, ...codes, ...ageOf(seen)].join(', '),
    expected: 'an answer that is neither 401 nor 403',
    fields: codes.length === 0 ? ['status'] : ['status', 'error code'],
  });
}

/** The agent works with it, and cannot see which models there are. */
export const closedListIssue = ({ failure, answer }: Refused): VerdictIssue => {
  const { class: failureClass, ...facts } = failure;
  return warn({
    class: failureClass,
    failure: facts,
    cause: 'The credential is accepted for inference, but may not list the models',
    measured: `HTTP ${answer.status} from the model list, HTTP 101 from the upgrade`,
    expected: 'HTTP 200 from both',
    remedy: 'Give the key the right to read models, or leave it so: the agent then goes by its own list.',
    fields: ['status'],
  });
};

/** An API key has no dates; tokens of a login and signatures have. */
export function isClockToBlame(
  { answer }: Refused,
  { credential }: LiveEvidence,
  skew: Skew | undefined,
): boolean {
  const hasDates = credential.mode !== 'api_key' && credential.mode !== 'provider';
  return answer.status === 401 && hasDates && isNoticeable(skew);
}

function wordsOf(refused: Refused, seen: LiveEvidence, skew: Skew | undefined): Words {
  if (skew && isClockToBlame(refused, seen, skew))
    return {
      cause: `The credential is refused, and the clock of this machine is ${describeSkew(skew)}: times in it cannot be right`,
      remedy: `Set the clock first, then start ${seen.agent} again; only if it is still refused, log in anew.`,
    };
  const reason = reasonOf(refused);
  const words = isStored(seen) ? wordsOfLogin(reason, seen) : wordsOfKey(reason, seen);
  const ageMs = loginAgeMs(seen);
  if (refused.answer.status === 401 && ageMs !== undefined && ageMs < FRESH_MS)
    return {
      cause: words.cause,
      remedy: `This login was made or renewed only ${describeAge(ageMs)} ago, so another one will hardly help: check account and workspace, and give the request id to the support of the provider.`,
    };
  return refused.answer.status === 403 && reason === 'unknown' ? forbiddenWords(seen) : words;
}

/** A login rather than a key that somebody copied. */
const isStored = ({ credential }: LiveEvidence): boolean =>
  credential.mode.startsWith('chatgpt') || credential.mode === 'agent_identity';

function wordsOfLogin(reason: Reason, seen: LiveEvidence): Words {
  const { agent, loginCommand, hasRefreshToken } = seen;
  const command = loginCommand;
  if (reason === 'revoked')
    return {
      cause: 'The login was revoked by the provider',
      remedy: `Run ${loginCommand}. A login that was copied to another home or machine ends as soon as one copy renews it: log in on each of them.`,
      command,
    };
  if (reason === 'expired')
    return {
      cause: 'The provider calls the access token expired',
      remedy: hasRefreshToken
        ? `${agent} renews it at its next request; if it then asks to sign in, run ${loginCommand}.`
        : `Run ${loginCommand}, or let the program that supplies this token write a fresh one.`,
      command,
    };
  if (reason === 'workspace')
    return { cause: 'The login is for another account or workspace than this one', ...workspaceRemedy(seen) };
  return (
    COMMON_WORDS[reason] ?? {
      cause: 'The provider does not accept the login',
      remedy: `Run ${loginCommand}.`,
      command,
    }
  );
}

function wordsOfKey(reason: Reason, { credential, isStoredKey, loginCommand }: LiveEvidence): Words {
  const replace = isStoredKey
    ? `Store a valid key with ${loginCommand} --with-api-key`
    : `Put a valid one into ${credential.source ?? 'the configuration'}`;
  if (reason === 'workspace')
    return {
      cause: 'The credential belongs to another organisation or project than the one that is asked for',
      remedy: 'Use a key of that organisation, or correct OPENAI_ORGANIZATION and OPENAI_PROJECT.',
    };
  return (
    COMMON_WORDS[reason] ?? {
      cause:
        reason === 'expired'
          ? 'The provider calls the credential expired'
          : 'The provider does not accept the credential',
      remedy: `${replace}: this one is mistyped, was deleted, or belongs to another provider.`,
    }
  );
}

/** The same for a login and for a key. */
const COMMON_WORDS: Partial<Record<Reason, Words>> = {
  account_closed: {
    cause: 'The account of this credential is closed or suspended',
    remedy: 'Ask the support of the provider, or use another account; logging in again does not help.',
  },
  region: {
    cause: 'The provider does not serve the country that this request came from',
    remedy: 'Look at where your VPN or proxy leaves to the internet; the credential itself was not judged.',
  },
  permission: {
    cause: 'The credential is known and lacks a permission',
    remedy: 'Give the key the permissions that the error names, or use another key.',
  },
};

function forbiddenWords(seen: LiveEvidence): Words {
  return isStored(seen)
    ? { cause: 'The login is valid, and its account or workspace may not use this', ...workspaceRemedy(seen) }
    : {
        cause: 'The credential is known and may not use this',
        remedy: `Give the key in ${seen.credential.source ?? 'the configuration'} the right to use this API, or use another key.`,
      };
}

const workspaceRemedy = ({ isWorkspaceForced, loginCommand }: LiveEvidence): Omit<Words, 'cause'> =>
  isWorkspaceForced
    ? {
        remedy:
          'The login is of a workspace that forced_chatgpt_workspace_id names: ask its administrator for access, or correct that key.',
      }
    : {
        remedy: `Run ${loginCommand} and choose the account and workspace that has access, or ask its administrator.`,
        command: loginCommand,
      };

/** Since the token was issued or the login last renewed, whichever is later. */
function loginAgeMs({ nowMs, issuedAtMs, lastRefreshMs }: LiveEvidence): number | undefined {
  const latestMs = Math.max(issuedAtMs ?? -Infinity, lastRefreshMs ?? -Infinity);
  return latestMs === -Infinity || latestMs > nowMs ? undefined : nowMs - latestMs;
}

function ageOf(seen: LiveEvidence): string[] {
  const ageMs = loginAgeMs(seen);
  return ageMs === undefined ? [] : [`login made or renewed ${describeAge(ageMs)} ago`];
}
