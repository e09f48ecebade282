import { expect, test } from 'vitest';
import { wholeTurn } from '../../../fixtures/agent-facts.ts';
import type { Untimed } from '../../../fixtures/agent-facts.ts';
import { createCanaries } from '../../../fixtures/canaries.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';
import type { ToldFacts } from '../../../fixtures/otel-observer.ts';
import { sampleSecrets } from '../../../fixtures/secrets.ts';

/** Strings that say what a fact is, which no one outside chooses. */
const FIXED = new Set(
  `type threadId turnId submissionId inferenceId samplingId mcpCallId callId kind transport
   status purpose origin source operation agentPath endpoint mode phase outcome reason
   authHeaderName authMode providerKeyName decision approvalPolicy sandboxPolicy summary
   effort how sessionId host email id step database errorClass`.split(/\s+/),
);

/** Every text of a fact that somebody outside chooses, changed; also what functions of it give. */
function withTexts(value: unknown, change: (text: string, at: string) => string, at = ''): unknown {
  if (typeof value === 'string') return FIXED.has(at) ? value : change(value, at);
  if (typeof value === 'function') return () => withTexts((value as () => unknown)(), change, at);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change, at));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one, change, name)]));
}

const withSecret = (facts: readonly Untimed[], change: (text: string) => string): Untimed[] =>
  facts.map((fact) => withTexts(fact, change) as Untimed);

/** What servers send in items and requests, besides what the fixture has. */
const withBodies = (facts: readonly Untimed[], text: string): Untimed[] =>
  facts.map((fact) => {
    const items = [
      { type: 'message', role: text, content: [{ type: 'input_text', text }] },
      { type: 'function_call', call_id: text, name: text, arguments: text },
    ];
    if (fact.type === 'inference_started')
      return {
        ...fact,
        request: () => ({ instructions: text, previous_response_id: text, input: items }),
      };
    return fact.type === 'inference_ended' ? { ...fact, items } : fact;
  });

interface Sinks {
  readonly traces: string;
  readonly metrics: string;
  readonly logs: string;
}

async function sinksOf({ spans, samples, records }: ToldFacts): Promise<Sinks> {
  return {
    traces: JSON.stringify(
      spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    ),
    metrics: JSON.stringify(await samples()),
    logs: JSON.stringify(records),
  };
}

const SETTINGS = { logUserPrompt: true, capturesContent: true };

const FORMS: readonly ((text: string, secret: string) => string)[] = [
  (text, secret) => `${text} ${secret}`,
  // In place of a name, a kind, a class.
  (_, secret) => secret,
  (_, secret) => `key=${secret}`,
];

test.for(sampleSecrets().map((sample, index) => ({ ...sample, index })))(
  'a secret of $maker comes out of no sink, wherever it was',
  async ({ secret, index }) => {
    let texts = index;
    const planted = withSecret(wholeTurn(), (text) => {
      texts += 1;
      return FORMS[texts % FORMS.length]?.(text, secret) ?? secret;
    });
    const told = await toldFacts(withBodies(planted, `the key is ${secret}`), { settings: SETTINGS });
    for (const text of Object.values(await sinksOf(told))) expect(text.includes(secret)).toBe(false);
  },
);

test('traces and metrics hold no word of anybody, no address and no account', async () => {
  const canaries = createCanaries();
  const content = ['prompt', 'tool_started', 'tool_ended', 'terminal_started', 'terminal_ended'];
  const facts = wholeTurn().map((fact): Untimed => {
    if (fact.type === 'thread_started')
      return {
        ...fact,
        account: { id: canaries.plant('account'), email: `${canaries.plant('address')}@example.com` },
      };
    if (!content.includes(fact.type)) return fact;
    return withTexts(fact, (text, at) =>
      ['text', 'input', 'output', 'command', 'cwd'].includes(at)
        ? canaries.plant(`${fact.type} ${at}`)
        : text,
    ) as Untimed;
  });
  const told = await toldFacts(withBodies(facts, canaries.plant('body')), {
    settings: { logUserPrompt: true },
  });
  const { traces, metrics, logs } = await sinksOf(told);
  expect(canaries.foundIn(traces)).toEqual([]);
  expect(canaries.foundIn(metrics)).toEqual([]);
  // What may be there is there: a test that plants nothing would pass as well.
  expect(new Set(canaries.foundIn(logs))).toEqual(
    new Set(['account', 'address', 'prompt text', 'tool_started input', 'tool_ended output']),
  );
});

test('an address in a text is hidden in every sink', async () => {
  const facts = withSecret(wholeTurn(), (text) => `${text} someone.else@example.org`);
  const sinks = await sinksOf(await toldFacts(facts, { settings: SETTINGS }));
  for (const text of Object.values(sinks)) expect(text).not.toContain('someone.else');
});

test('a text of any size is cut where no half of a secret stays', async () => {
  const { secret } = sampleSecrets()[0] ?? { secret: '' };
  const padding = 'word '.repeat(13_104);
  const output = `${padding.slice(0, 65_520)}${secret} and more`;
  const facts = wholeTurn().map((fact) =>
    fact.type === 'tool_ended' ? { ...fact, output: () => output } : fact,
  );
  const { records } = await toldFacts(facts);
  const result = records.find((record) => record.eventName === 'codex.tool_result');
  expect(result?.attributes.output_truncated).toBe(true);
  expect(String(result?.attributes.output)).not.toContain(secret.slice(0, 12));
});
