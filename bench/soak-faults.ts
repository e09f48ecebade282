import { completed, created, failed, functionCall, incomplete, message } from '../src/testing/index.ts';
import type { Action, Step } from '../src/testing/index.ts';

/** What a prompt of the soak asks the server for; it is the prompt's text, behind `PLAN_PREFIX`. */
export interface Plan {
  /** Unlike that of any other turn. */
  readonly turn: number;
  readonly fault: FaultName;
  /** Calls before the last message, by kind. */
  readonly calls: readonly CallKind[];
  /** The request that goes wrong, counted from 0 among those that would succeed. */
  readonly at: number;
}

export const PLAN_PREFIX = 'soak: ';
export const FINAL_TEXT = 'that was it';
export const DYNAMIC_TOOL = 'look_up';

export type CallKind = 'plan' | 'dynamic' | 'command' | 'unknown';

/** How a turn with a fault ends when nobody interrupts it. */
interface Fault {
  readonly ends: 'done' | 'failed';
  /** Default: the request goes wrong once. */
  readonly isPermanent?: boolean;
  readonly step: Step;
}

const begun = [created('resp_broken'), message('half')] as const;
const LONG_TEXT = 'x'.repeat(300_000);
const permanently = (step: Step): Fault => ({ ends: 'failed', isPermanent: true, step });
const once = (step: Step): Fault => ({ ends: 'done', step });
/** No head of a frame, of a chunk or of anything else. */
const GARBAGE: Action = { raw: Buffer.from('ffffffff', 'hex') };

export const FAULTS = {
  none: once([created('resp_none'), message(FINAL_TEXT), completed('resp_none')]),
  reset: once([begun, { end: 'reset' }]),
  drop: once([begun, { end: 'drop' }]),
  end: once([begun, { close: 1000 }]),
  restart: once([begun, { close: 1012 }]),
  half: once([begun, { half: completed('resp_half') }, { end: 'drop' }]),
  silence: once([begun, { end: 'stay' }]),
  unanswered: once({ unanswered: 'drop' }),
  incomplete: once([begun, incomplete('max_output_tokens')]),
  rateLimit: once([begun, failed('rate_limit_exceeded', 'Try again in 15ms.')]),
  noise: once([
    begun,
    { text: 'data: {"\n\n' },
    { keepAlive: true },
    { type: 'response.news' },
    { end: 'drop' },
  ]),
  long: once([created('resp_long'), message([LONG_TEXT, LONG_TEXT]), { end: 'drop' }]),
  bytes: once([begun, GARBAGE, { end: 'drop' }]),
  status401: once({ status: 401 }),
  status500: once({ status: 500 }),
  status502: once({ status: 502, body: '<html>Bad gateway</html>' }),
  always500: permanently({ status: 500 }),
  always404: permanently({ status: 404 }),
  alwaysReset: permanently([begun, { end: 'reset' }]),
  refused: permanently({ status: 400, body: 'no' }),
  tooMany: permanently({ status: 429 }),
  usageLimit: permanently({ status: 429, body: { error: { type: 'usage_limit_reached' } } }),
  overloaded: permanently({ status: 503, body: { error: { code: 'slow_down' } } }),
  failedQuota: permanently([begun, failed('insufficient_quota')]),
  failedPolicy: permanently([begun, failed('cyber_policy')]),
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

export const faultNames = Object.keys(FAULTS) as readonly FaultName[];
export const faultOf = (name: FaultName): Fault => FAULTS[name];

/** The healthy answer to a request of a plan. */
export function answerOf({ calls, turn }: Plan, request: number): Step {
  const id = `resp_${turn}_${request}`;
  const call = calls[request];
  return [
    created(id),
    call === undefined ? message(FINAL_TEXT, `msg_${id}`) : callOf(call, `call_${id}`),
    completed(id),
  ];
}

function callOf(kind: CallKind, callId: string): Action {
  const ids = { id: `item_${callId}`, callId };
  switch (kind) {
    case 'plan':
      return functionCall('update_plan', { plan: [{ step: 'soak', status: 'in_progress' }] }, ids);
    case 'dynamic':
      return functionCall(DYNAMIC_TOOL, { what: callId }, ids);
    case 'command':
      return functionCall('exec_command', { cmd: 'true' }, ids);
    case 'unknown':
      return functionCall('no_such_tool', '{"half":', ids);
  }
}
