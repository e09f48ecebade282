import { z } from 'zod';
import type { ResponseItem } from '../../protocol/item.ts';
import type { RateLimitSnapshot } from '../../protocol/usage.ts';
import type { Script } from './script.ts';

// Loaded by `readScript` alone: scripts that are written in TypeScript are checked by its types.

const count = z.int().nonnegative();
const usage = z.strictObject({
  input_tokens: count,
  cached_input_tokens: count.default(0),
  output_tokens: count,
  reasoning_output_tokens: count.default(0),
  total_tokens: count,
});

const jsonText = z.union([z.string(), z.json().transform((value) => JSON.stringify(value))]);
const call = { name: z.string(), call_id: z.string().exactOptional() };
const known = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message'),
    role: z.literal('assistant').default('assistant'),
    content: z.array(z.looseObject({ type: z.literal('output_text'), text: z.string() })),
  }),
  z.looseObject({ type: z.literal('function_call'), ...call, arguments: jsonText }),
  z.looseObject({ type: z.literal('custom_tool_call'), ...call, input: z.string() }),
  z.looseObject({
    type: z.literal('reasoning'),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
  }),
  z.looseObject({ type: z.literal('tool_search_call'), execution: z.string(), arguments: z.json() }),
  z.looseObject({ type: z.literal('web_search_call') }),
  z.looseObject({ type: z.literal('image_generation_call'), status: z.string(), result: z.string() }),
]);

const message = z.string();
const failure = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stream'),
    message,
    delayMs: count.exactOptional(),
    httpStatus: count.exactOptional(),
  }),
  z.strictObject({
    kind: z.enum(['timeout', 'input_output', 'cyber_policy', 'invalid_request', 'fatal']),
    message,
  }),
  z.strictObject({
    kind: z.enum([
      'internal_server_error',
      'server_overloaded',
      'context_window_exceeded',
      'quota_exceeded',
      'usage_not_included',
      'invalid_image',
    ]),
    message: message.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('unexpected_status'),
    facts: z.strictObject({
      status: count,
      body: z.string().default(''),
      url: z.string().default('script:'),
    }),
    message: message.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('usage_limit_reached'),
    planType: z.string().nullable().default(null),
    resetsAt: count.nullable().default(null),
    rateLimits: z.custom<RateLimitSnapshot>().nullable().default(null),
    promoMessage: z.string().nullable().default(null),
    reachedType: z.string().nullable().default(null),
    message: message.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('retry_limit'),
    status: count,
    requestId: z.string().exactOptional(),
    message: message.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('refresh_failed'),
    reason: z.enum(['expired', 'exhausted', 'revoked', 'other']),
    message,
  }),
]);

const response = z.strictObject({
  when: z
    .strictObject({ userText: z.string().exactOptional(), toolOutput: z.string().exactOptional() })
    .exactOptional(),
  repeat: z.boolean().exactOptional(),
  delayMs: count.exactOptional(),
  // What is none of the three is told as the last.
  output: z.array(z.union([z.string(), z.array(z.string()), known])).exactOptional(),
  usage: usage.exactOptional(),
  endTurn: z.boolean().exactOptional(),
  fails: failure.exactOptional(),
});

export const scriptSchema = z.strictObject({ responses: z.array(response) }).transform((script): Script => ({
  responses: script.responses.map(({ output, ...entry }, index) => ({
    ...entry,
    ...(output && {
      output: output.map((item, at) =>
        typeof item === 'string' || Array.isArray(item) ? item : named(item, `call_${index + 1}_${at + 1}`),
      ),
    }),
  })),
}));

function named(item: z.infer<typeof known>, callId: string): ResponseItem {
  const isCall = item.type === 'function_call' || item.type === 'custom_tool_call';
  // The schema holds what the core reads of an item; other keys are the provider's and go through as they are.
  return isCall ? { call_id: callId, ...item } : item;
}
