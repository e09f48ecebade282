import type { ModelFailure } from '../error.ts';
import { DEFAULT_LIMIT } from './rate-limits.ts';

type UsageLimit = Extract<ModelFailure, { readonly kind: 'usage_limit_reached' }>;

/**
 * What a user is told who reached a limit, the most telling reason first (spec/transport.md 1.9).
 * @param nowMs wall time; resets are told in the time zone of the process
 */
export function describeUsageLimit(failure: UsageLimit, nowMs: number): string {
  const { rateLimits, reachedType, promoMessage, planType, resetsAt } = failure;
  const again = `Try again ${resetsAt === null ? 'later' : describeReset(resetsAt, nowMs)}.`;
  const limit = rateLimits?.limit_name;
  if (limit && limit !== DEFAULT_LIMIT)
    return `You have reached the limit of ${limit}. Choose another model, or wait. ${again}`;
  const ofWorkspace = reachedType === null ? undefined : OF_WORKSPACE[reachedType];
  if (ofWorkspace !== undefined) return ofWorkspace;
  if (promoMessage !== null) return `You have reached your usage limit. ${promoMessage} ${again}`;
  return `You have reached your usage limit. ${adviceFor(planType)}${again}`;
}

const OF_WORKSPACE: Readonly<Record<string, string>> = {
  workspace_owner_credits_depleted: 'Your workspace has no credits left. Buy more to go on.',
  workspace_member_credits_depleted:
    'Your workspace has no credits left. Ask an owner of the workspace to buy more.',
  workspace_owner_usage_limit_reached:
    'Your workspace has spent what it allows itself. Raise the limit to go on.',
  workspace_member_usage_limit_reached:
    'You have spent what your workspace allows you. Ask an owner of the workspace to raise the limit.',
};

/** Ends with a space, or is empty. */
function adviceFor(planType: string | null): string {
  switch (planType?.toLowerCase()) {
    case 'plus':
      return 'A larger plan or more credits let you go on at once. ';
    case 'team':
    case 'business':
    case 'self_serve_business_usage_based':
    case 'enterprise_cbp_usage_based':
      return 'Ask an administrator of your workspace for more. ';
    case 'free':
    case 'go':
      return 'A larger plan lets you go on at once. ';
    case 'pro':
    case 'prolite':
      return 'More credits let you go on at once. ';
    default:
      return '';
  }
}

function describeReset(resetsAt: number, nowMs: number): string {
  const at = new Date(resetsAt * 1_000);
  const now = new Date(nowMs);
  const time = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return `at ${time}`;
  const month = MONTHS[at.getMonth()] ?? '';
  return `on ${at.getDate()}${ordinalEnding(at.getDate())} ${month} ${at.getFullYear()} at ${time}`;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const twoDigits = (number: number): string => String(number).padStart(2, '0');

function ordinalEnding(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}
