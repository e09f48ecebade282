import type { AnswerHeaders } from '../../../net/http/answer.ts';
import { first } from '../../../net/http/answer.ts';
import type { JsonObject, JsonValue } from '../../../host/json.ts';
import type { RateLimitSnapshot, RateLimitWindow } from '../../protocol/usage.ts';
import { booleanAt, numberAt, objectAt, stringAt } from './json-parts.ts';

/** The limit that every account has. */
export const DEFAULT_LIMIT = 'codex';

const EXTRA_FAMILY = /^x-(?<limit>.+)-primary-used-percent$/;

/**
 * One snapshot for each family of headers (spec/transport.md 1.8): that of the default limit always, even without any
 * header (trap 22), then the others in the order of their names, where they say anything.
 */
export function rateLimitsOfHeaders(headers: AnswerHeaders): readonly RateLimitSnapshot[] {
  const limits = Object.keys(headers)
    .map((name) => EXTRA_FAMILY.exec(name.toLowerCase())?.groups?.['limit'])
    .filter((limit) => limit !== undefined && limit !== DEFAULT_LIMIT)
    .map((limit) => String(limit).replaceAll('-', '_'));
  const extra = [...new Set(limits)]
    .toSorted()
    .map((limit) => rateLimitOfHeaders(headers, limit))
    .filter(({ primary, secondary, limit_name }) => primary ?? secondary ?? limit_name);
  return [rateLimitOfHeaders(headers, DEFAULT_LIMIT), ...extra];
}

/** What the headers say of one limit, such as `codex` or `codex_other`. */
export function rateLimitOfHeaders(headers: AnswerHeaders, limit: string): RateLimitSnapshot {
  const prefix = `x-${limit.toLowerCase().replaceAll('_', '-')}`;
  return {
    limit_id: limit.toLowerCase().replaceAll('-', '_'),
    limit_name: textOf(headers, `${prefix}-limit-name`),
    primary: windowOfHeaders(headers, `${prefix}-primary`),
    secondary: windowOfHeaders(headers, `${prefix}-secondary`),
    credits: creditsOfHeaders(headers),
    individual_limit: null,
    plan_type: null,
    rate_limit_reached_type: null,
  };
}

function windowOfHeaders(headers: AnswerHeaders, prefix: string): RateLimitWindow | null {
  return windowOf(
    numberOf(headers, `${prefix}-used-percent`),
    wholeNumberOf(headers, `${prefix}-window-minutes`),
    wholeNumberOf(headers, `${prefix}-reset-at`),
  );
}

/** A window that says nothing but zero is none. */
function windowOf(
  usedPercent: number | null,
  windowMinutes: number | null,
  resetsAt: number | null,
): RateLimitWindow | null {
  if (usedPercent === null) return null;
  const saysSomething = usedPercent !== 0 || (windowMinutes ?? 0) !== 0 || resetsAt !== null;
  return saysSomething
    ? { used_percent: usedPercent, window_minutes: windowMinutes, resets_at: resetsAt }
    : null;
}

function creditsOfHeaders(headers: AnswerHeaders): RateLimitSnapshot['credits'] {
  const hasCredits = flagOf(headers, 'x-codex-credits-has-credits');
  const unlimited = flagOf(headers, 'x-codex-credits-unlimited');
  if (hasCredits === undefined || unlimited === undefined) return null;
  return { has_credits: hasCredits, unlimited, balance: textOf(headers, 'x-codex-credits-balance') };
}

function textOf(headers: AnswerHeaders, name: string): string | null {
  const text = first(headers, name)?.trim();
  return text === undefined || text === '' ? null : text;
}

function numberOf(headers: AnswerHeaders, name: string): number | null {
  const text = textOf(headers, name);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

function wholeNumberOf(headers: AnswerHeaders, name: string): number | null {
  const number = numberOf(headers, name);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

function flagOf(headers: AnswerHeaders, name: string): boolean | undefined {
  const text = textOf(headers, name)?.toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

/** The frame `codex.rate_limits`, which a WebSocket alone brings; undefined when it cannot be read. */
export function rateLimitsOfFrame(frame: JsonObject): RateLimitSnapshot | undefined {
  const limits = objectAt(frame, 'rate_limits');
  if (frame['rate_limits'] !== undefined && frame['rate_limits'] !== null && !limits) return undefined;
  return {
    limit_id: (stringAt(frame, 'metered_limit_name') ?? stringAt(frame, 'limit_name') ?? DEFAULT_LIMIT)
      .toLowerCase()
      .replaceAll('-', '_'),
    limit_name: null,
    primary: windowOfFrame(objectAt(limits, 'primary')),
    secondary: windowOfFrame(objectAt(limits, 'secondary')),
    credits: creditsOfFrame(objectAt(frame, 'credits')),
    individual_limit: null,
    plan_type: stringAt(frame, 'plan_type') ?? null,
    rate_limit_reached_type: null,
  };
}

const windowOfFrame = (window: JsonObject | undefined): RateLimitWindow | null =>
  windowOf(
    numberAt(window, 'used_percent') ?? null,
    numberAt(window, 'window_minutes') ?? null,
    numberAt(window, 'reset_at') ?? null,
  );

function creditsOfFrame(credits: JsonObject | undefined): RateLimitSnapshot['credits'] {
  const hasCredits = booleanAt(credits, 'has_credits');
  const unlimited = booleanAt(credits, 'unlimited');
  if (hasCredits === undefined || unlimited === undefined) return null;
  const balance: JsonValue | undefined = credits?.['balance'];
  return { has_credits: hasCredits, unlimited, balance: typeof balance === 'string' ? balance : null };
}

/**
 * What a session knows after a new snapshot: credits, the individual limit and the plan are kept where the new one says
 * nothing of them; everything else is replaced, even by null.
 */
export const mergeRateLimits = (
  known: RateLimitSnapshot | null,
  latest: RateLimitSnapshot,
): RateLimitSnapshot => ({
  ...latest,
  credits: latest.credits ?? known?.credits ?? null,
  individual_limit: latest.individual_limit ?? known?.individual_limit ?? null,
  plan_type: latest.plan_type ?? known?.plan_type ?? null,
});

const REACHED_TYPES: ReadonlySet<string> = new Set([
  'rate_limit_reached',
  'workspace_owner_credits_depleted',
  'workspace_member_credits_depleted',
  'workspace_owner_usage_limit_reached',
  'workspace_member_usage_limit_reached',
]);

/** Which limit was reached, from the header of an error answer; an unknown one is as good as none. */
export function reachedTypeOf(headers: AnswerHeaders): string | null {
  const type = textOf(headers, 'x-codex-rate-limit-reached-type');
  return type !== null && REACHED_TYPES.has(type) ? type : null;
}

/** The limit that an error answer is about. */
export const activeLimitOf = (headers: AnswerHeaders): string =>
  textOf(headers, 'x-codex-active-limit') ?? DEFAULT_LIMIT;

/** What the provider offers to somebody who reached a limit. */
export const promoMessageOf = (headers: AnswerHeaders): string | null =>
  textOf(headers, 'x-codex-promo-message');
