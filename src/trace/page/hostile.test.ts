import { describe, expect, test } from 'vitest';
import { eventfulTrace } from '../../../fixtures/eventful-trace.ts';
import { call, during, tool, traceModel, turn } from '../../../fixtures/trace-model.ts';
import { elementsOf, named, withClass } from '../../../fixtures/elements.ts';
import { write } from '../../../fixtures/trace-page.ts';
import { isSafe } from '../../redact/control.ts';
import type { RolloutTrace } from '../model/trace.ts';

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title></pre></textarea><svg onload=alert(1)>',
  '<!--',
  ']]>',
  '&quot;&lt;',
  'javascript:alert(1)',
  '\u0000\u001b[31m\u202e\u2066\ud800\ufeff\u2028',
  '${alert(1)} {{1}} <%= 1 %>',
].join(' ');

/** Every text that is not of a closed list, replaced. */
function withTexts(value: unknown, text: string, name = ''): unknown {
  if (typeof value === 'string') return CLOSED.has(name) || /_ids?$|^id$/.test(name) ? value : text;
  if (Array.isArray(value)) return value.map((one) => withTexts(one, text, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts(one, text, key)]));
}
const CLOSED = new Set(['status', 'type', 'kind', 'role', 'channel', 'runtime_status']);

const shapeOf = (page: string): readonly string[] => {
  const elements = elementsOf(page);
  // The hostile text is longer, and so cut more often.
  const cuts = new Set(withClass(elements, 'cut'));
  return elements
    .filter((element) => !cuts.has(element))
    .map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);
};

test('hostile text in every field changes no element and no attribute name of the page', () => {
  const [plain, hostile] = ['words', HOSTILE].map((text) =>
    write(withTexts(eventfulTrace(), text) as RolloutTrace, {
      readPayload: () => ({ kind: 'read', value: { [text]: [text] }, bytes: 1 }),
      leftOut: text,
    }),
  );
  expect(shapeOf(hostile ?? '')).toEqual(shapeOf(plain ?? ''));
  expect(isSafe(hostile ?? '')).toBe(true);
});

test('hostile ids lead nowhere else', () => {
  const id = '"><b onclick=x>__proto__';
  const page = write(
    traceModel({
      turns: [turn('__proto__', during({ from: 0, to: 10 })), turn(id, during({ from: 20, to: 30 }))],
      calls: [
        call(id, during({ from: 1, to: 9 }), {
          codex_turn_id: id,
          tool_call_ids_started_by_response: ['constructor', id],
        }),
      ],
      tools: [
        tool('constructor', { type: 'mcp', server: id, tool: id }, during({ from: 2, to: 3 }), {
          started_by_codex_turn_id: id,
          terminal_operation_id: 'toString',
        }),
      ],
    }),
  );
  const elements = elementsOf(page);
  expect(named(elements, 'b')).toEqual([]);
  expect(withClass(elements, 'step')).toHaveLength(2);
});

describe('secrets', () => {
  const TOKEN = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
  test('are in no field, no payload and no text that is cut', () => {
    const texts = [
      TOKEN,
      `${'x'.repeat(590)} ${TOKEN}`,
      JSON.stringify({ inner: { authorization: `Bearer ${TOKEN}` } }),
    ];
    for (const text of texts) {
      const page = write(withTexts(eventfulTrace(), text) as RolloutTrace, {
        readPayload: () => ({
          kind: 'read',
          value: { headers: { authorization: `Bearer ${TOKEN}` }, text },
          bytes: 1,
        }),
      });
      for (const part of [TOKEN, TOKEN.slice(0, 24), TOKEN.slice(-24)]) expect(page).not.toContain(part);
    }
  });
  test('are hidden by the names that they stand under', () => {
    const page = write(
      traceModel({
        turns: [turn('turn-1', during({ from: 0, to: 10 }))],
        calls: [call('i1', during({ from: 1, to: 9 }))],
        more: {
          raw_payloads: {
            'raw_payload:i1': {
              raw_payload_id: 'raw_payload:i1',
              kind: { type: 'inference_request' },
              path: 'payloads/1.json',
            },
          },
        },
      }),
      {
        readPayload: () => ({ kind: 'read', value: { password: 'correct horse', note: 'shown' }, bytes: 1 }),
      },
    );
    expect(page).toContain('shown');
    expect(page).not.toContain('correct horse');
  });
});

test('texts of a megabyte in every field make a page of some hundred kilobytes, which says what was cut', () => {
  const page = write(withTexts(eventfulTrace(), 'word '.repeat(200_000)) as RolloutTrace);
  expect(page.length).toBeLessThan(500_000);
  expect(page).toContain('(of 1,000,000 characters)');
});
