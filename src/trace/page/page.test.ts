import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { eventfulTrace } from '../../../fixtures/eventful-trace.ts';
import { call, during, MAIN, tool, traceModel, turn } from '../../../fixtures/trace-model.ts';
import { attribute, elementsOf, named, textOf, textOfId, withClass } from '../../../fixtures/elements.ts';
import { write } from '../../../fixtures/trace-page.ts';

describe('a trace with everything in it', () => {
  const page = write(eventfulTrace());
  const elements = elementsOf(page);
  const steps = withClass(named(elements, 'li'), 'step');

  test('has a row for each step, in the order in which they began', () =>
    expect(steps.map((step) => attribute(step, 'class')?.replace('step ', ''))).toEqual([
      'inference failed',
      'inference completed',
      'terminal completed',
      'mcp completed',
      'inference completed',
      'agent completed',
      'agent completed',
      'inference completed',
      'inference completed',
      'terminal failed',
      'inference completed',
      'code completed',
      'compaction completed',
      'inference completed',
      'tool completed',
      'inference failed',
      'inference cancelled',
    ]));

  test.each([
    ['the 401 and the attempt after it', ['401 unauthorized', 'attempt 2']],
    [
      'evidence of the 401',
      ['1 model call answered with 401', '9a1b2c3d4e5f-AMS', 'managed → refresh_token → recovery_succeeded'],
    ],
    ['ids of a call', ['resp_i2', 'req_i2', '18,412 in (14,730 cached), 331 out (110 reasoning)']],
    ['a terminal', ['npm test -- retry', 'retry.test.ts:88: waited 60 s for real']],
    ['MCP', ['docs/search', '3ef58c2c-c983-4de6-87f5-61ccc10b1f1b']],
    ['a compaction', ['5 items became 2']],
    [
      'agents and what went between them',
      ['agent tests (Ada)', 'agent result', 'Two tests wait for real time'],
    ],
    ['code', ["await tools.read({ path: 'src/retry.ts' })"]],
  ])('tells %s', (_, words) => {
    const text = elements.slice(0, 1).map(textOf).join('');
    for (const word of words) expect(text).toContain(word);
  });

  test('asks for nothing: no address, no handler, no style beside the one that its policy names', () => {
    for (const { attrs } of elements)
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^(on.*|style|src|srcset|srcdoc|action|formaction|ping|background|data)$/);
        expect(name === 'href' ? value : '#').toMatch(/^#[a-z0-9]*$/);
      }
    const policy =
      elements
        .map((element) => attribute(element, 'content'))
        .find((value) => value?.startsWith('default-src')) ?? '';
    expect(policy).toMatch(/^default-src 'none'; /);
    for (const name of ['style', 'script']) {
      const [only, ...more] = named(elements, name);
      expect(more).toEqual([]);
      const hash = createHash('sha256')
        .update(only ? textOf(only) : '')
        .digest('base64');
      expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
    }
    expect(page).not.toMatch(/https?:\/\//);
  });

  test('every link leads somewhere, no id is there twice, headings go down one by one', () => {
    const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of named(elements, 'a')) expect(ids).toContain(attribute(link, 'href')?.slice(1));
    for (const label of elements.flatMap((element) => attribute(element, 'aria-labelledby') ?? []))
      expect(ids).toContain(label);
    const levels = elements.flatMap(({ tagName }) => (/^h[1-3]$/.test(tagName) ? [Number(tagName[1])] : []));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('the table has the same steps, under headings that a reader is told', () => {
    const links = named(elements, 'th').filter(
      (head) =>
        attribute(head, 'scope') === 'row' &&
        /href/.test(JSON.stringify(head.childNodes.map((node) => ('attrs' in node ? node.attrs : [])))),
    );
    expect(links).toHaveLength(steps.length);
  });

  test('its script is JavaScript', () =>
    expect(() => new Script(named(elements, 'script').map(textOf).join(''))).not.toThrow());
});

test('a long trace is told in part: all that went wrong, then what took longest; the page says so', () => {
  const turns = Array.from({ length: 60 }, (_, index) =>
    turn(`t${index}`, during({ from: index * 1_000, to: index * 1_000 + 900 })),
  );
  const calls = Array.from({ length: 3_000 }, (_, index) => {
    const start = (index % 60) * 1_000;
    return call(
      `c${index}`,
      during({ from: start, to: start + (index % 7), status: index % 500 === 59 ? 'failed' : 'completed' }),
      { codex_turn_id: `t${index % 60}` },
    );
  });
  const page = write(traceModel({ turns, calls }), { limits: { steps: 100, turns: 50 } });
  const elements = elementsOf(page);
  expect(withClass(elements, 'step')).toHaveLength(100);
  expect(withClass(withClass(elements, 'step'), 'failed')).toHaveLength(6);
  expect(withClass(named(elements, 'section'), 'turn')).toHaveLength(50);
  expect(textOfId(elements, 'left-out')).toContain('This page shows 100 of 3,000 steps and 50 of 60 turns');
});

test('what never ended, and a trace of nothing, have pages too', () => {
  const open = write(
    traceModel({
      turns: [turn('turn-1', during({ from: 0, to: null }))],
      calls: [call('i1', during({ from: 5, to: null }))],
      more: { recording_complete: false, status: 'running' },
    }),
  );
  expect(open).toContain('The recording has no end');
  expect(withClass(elementsOf(open), 'running').length).toBeGreaterThan(0);
  expect(elementsOf(write(traceModel({ more: { threads: {} } }))).length).toBeGreaterThan(0);
});

test('what a thread did outside of turns has a section of its own', () => {
  const page = write(
    traceModel({
      tools: [
        tool('late', { type: 'exec_command' }, during({ from: 5, to: 9 }), {
          started_by_codex_turn_id: null,
          thread_id: MAIN,
        }),
      ],
    }),
  );
  expect(page).toContain('Outside of turns, main agent');
});
