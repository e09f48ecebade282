import type { AuthTags } from '../../telemetry/auth-facts.ts';
import type { InferenceCall } from '../model/inference.ts';

/** What a call of the model was among the calls of its turn. */
export interface Attempt {
  /** 1, or one more than that of the call before, which was not completed. */
  readonly number: number;
  /** It was refused with 401: new evidence of one came up with it. */
  readonly isUnauthorized: boolean;
}

/** By the id of the call. @param calls in the order in which they began */
export function attemptsOf(calls: readonly InferenceCall[]): ReadonlyMap<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  const before = new Map<string, { readonly call: InferenceCall; readonly number: number }>();
  for (const call of calls.toSorted(
    (one, other) => one.execution.started_seq - other.execution.started_seq,
  )) {
    const previous = before.get(call.thread_id);
    const isAgain =
      previous !== undefined &&
      previous.call.codex_turn_id === call.codex_turn_id &&
      previous.call.execution.status !== 'completed';
    const number = isAgain ? previous.number + 1 : 1;
    attempts.set(call.inference_call_id, { number, isUnauthorized: isUnauthorized(call, previous?.call) });
    before.set(call.thread_id, { call, number });
  }
  return attempts;
}

/** Evidence of a 401 is preserved by later calls: it belongs to the one that it names, or that it came up with. */
function isUnauthorized(call: InferenceCall, previous: InferenceCall | undefined): boolean {
  if (call.execution.status === 'completed') return false;
  const evidence = evidenceOf(call.auth_facts);
  if (evidence === '') return false;
  const named = call.auth_facts?.['auth_401_request_id'] ?? '';
  return named === call.upstream_request_id || evidence !== evidenceOf(previous?.auth_facts);
}

const EVIDENCE = [
  'auth_401_request_id',
  'auth_401_cf_ray',
  'auth_401_error',
  'auth_401_error_code',
  'auth_recovery_outcome',
];

const evidenceOf = (tags: AuthTags | undefined): string =>
  EVIDENCE.map((name) => tags?.[name] ?? '')
    .filter((value) => value !== '')
    .join('\n');
