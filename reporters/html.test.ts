import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attribute, elementsOf, named, textOf, textOfId, withClass } from '../fixtures/elements.ts';
import type { Element } from '../fixtures/elements.ts';
import { gatedReport, HOSTILE_TEXTS, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { RedactedReport, Report } from '../src/doctor/report.ts';
import { isSafe } from '../src/redact/control.ts';
import { DARK, LIGHT, WRITTEN_ON } from './html/palette.ts';
import { html } from './html.ts';

const write = (report: RedactedReport): string =>
  html(report, { color: false, ascii: false, width: 100, all: false }) as string;
const redacted = (report: Report): RedactedReport => redactReport(report, { userDirectory: '/home/ann' });
const page = write(redacted(gatedReport));
const elements = elementsOf(page);
const wordsOf = (element: Element | undefined): string =>
  element ? textOf(element).replaceAll(/\s+/g, ' ').trim() : '';
const inSection = (id: string): Element | undefined =>
  named(elements, 'section').find((section) => attribute(section, 'aria-labelledby') === id);

describe('what a reader finds', () => {
  test('the verdict on top', () => {
    expect(wordsOf(named(elements, 'h1')[0])).toBe(
      'Failed: 3 failures of 2 causes, 1 warning, 2 checks without an answer',
    );
  });

  test('each fault once: causes with their symptoms first, then what stands for itself', () => {
    const cards = withClass(elements, 'card').map(wordsOf);
    expect(cards.map((card) => card.split(' ').slice(0, 2).join(' '))).toEqual([
      'fail state.integrity',
      'fail auth.live',
      'warning terminal.env',
      'crashed plugin.sample',
      'incomplete network.env',
    ]);
    expect(cards[0]).toContain('Measured page 7 is never used');
    expect(cards[0]).toContain('Expected one row saying ok from PRAGMA quick_check');
    expect(cards[0]).toContain('cp -a ~/.codex/state_5.sqlite ~/state_5.sqlite.damaged');
    expect(cards[0]).toContain('Also seen in skipped state.rollout_db_parity');
    expect(cards[1]).toContain('waived until 2026-12-31: the login is renewed on Monday');
    expect(cards[1]).toContain('fail network.provider_reachability');
  });

  test('a report that was read from a file says so before everything else', () => {
    const read = elementsOf(write(redacted({ ...gatedReport, importedFrom: { format: 'codex' } })));
    expect(wordsOf(named(read, 'header')[0])).toContain('nothing was examined here');
    expect(wordsOf(named(elements, 'header')[0])).not.toContain('nothing was examined here');
  });

  test('a row for each check, and in it what was seen', () => {
    const rows = withClass(named(elements, 'details'), 'row');
    expect(rows).toHaveLength(Object.keys(gatedReport.checks).length);
    const row = rows.find((one) => attribute(one, 'id') === 'check-state.integrity');
    expect(wordsOf(row)).toContain('log DB bytes 300 MB');
    expect(wordsOf(row)).toContain('failure class corrupt');
    expect(wordsOf(row)).toContain('stethos explain state.integrity');
  });

  test.each([
    ['gate', 'Not passed: exit code 1, with --fail-on warn Counted state.integrity'],
    ['gate', 'Known from the baseline terminal.env'],
    ['gate', 'Expired waivers: their rows count again network.* http_unauthorized the provider moves'],
    ['gate', 'Waivers that no row needs any more mcp.config the docs server is optional here'],
    ['timeline', 'fail: state.integrity 0 ms 2 ms'],
    ['hidden', 'home'],
    ['notes', '0.170.0 available'],
  ])('in the part %s: %s', (id, words) => expect(wordsOf(inSection(id))).toContain(words));

  test('the report itself, as JSON', () =>
    expect(JSON.parse(textOfId(elements, 'report'))).toEqual(redacted(gatedReport)));

  test('a healthy report says so', () => {
    const { 'runtime.provenance': row } = sampleReport.checks;
    if (!row) throw new Error('the sample lost a row');
    const counts = { ...sampleReport.counts, warning: 0, fail: 0, incomplete: 0, crashed: 0 };
    const healthy = { ...sampleReport, overallStatus: 'ok', notes: [], rootCauses: [], counts } as const;
    const text = wordsOf(elementsOf(write(redacted({ ...healthy, checks: { [row.id]: row } })))[0]);
    expect(text).toContain('All is well');
    expect(text).toContain('Nothing. Every check that could be made came to a good end.');
  });

  test('rows of sections that nobody knows are there too', () => {
    const { 'auth.live': row } = gatedReport.checks;
    if (!row) throw new Error('the sample lost a row');
    const checks = { x: { ...row, id: 'x', section: 'Elsewhere' } };
    const shown = elementsOf(write({ ...gatedReport, checks, redactions: [] } as unknown as RedactedReport));
    expect(withClass(shown, 'row')).toHaveLength(1);
    expect(named(shown, 'h3').map(wordsOf)).toContain('Elsewhere');
  });

  test('a report of nothing, and one whose rows and times are gone, have pages too', () => {
    expect(wordsOf(elementsOf(write(redacted({ ...gatedReport, checks: {} })))[0])).toContain('auth.live');
    const { 'auth.live': row } = gatedReport.checks;
    if (!row) throw new Error('the sample lost a row');
    const timeless = write(redacted({ ...gatedReport, checks: { x: { ...row, startedAt: 'yesterday' } } }));
    expect(textOfId(elementsOf(timeless), 'timeline')).toBe('');
  });
});

const hashOf = (element: Element | undefined): string =>
  `'sha256-${createHash('sha256')
    .update(element ? textOf(element) : '')
    .digest('base64')}'`;

describe('a page that needs nothing else', () => {
  test('asks for nothing: no address, no handler, no style beside the one that its policy names', () => {
    for (const { attrs } of elements)
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^(on.*|style|src|srcset|srcdoc|action|formaction|ping|background|data)$/);
        expect(name === 'href' ? value : '#').toMatch(/^#[\w.-]*$/);
      }
    const policy =
      elements.map((one) => attribute(one, 'content')).find((value) => value?.startsWith('default-src')) ??
      '';
    const scripts = named(elements, 'script').filter((one) => attribute(one, 'type') === undefined);
    expect(scripts).toHaveLength(1);
    expect(named(elements, 'style')).toHaveLength(1);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain(`script-src ${hashOf(scripts[0])};`);
    expect(policy).toContain(`style-src ${hashOf(named(elements, 'style')[0])};`);
    expect(() => new Script(scripts.map(textOf).join(''))).not.toThrow();
  });

  test('every link leads somewhere, no id is there twice, headings go down one by one', () => {
    const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of ['a', 'use'])
      for (const link of named(elements, name)) expect(ids).toContain(attribute(link, 'href')?.slice(1));
    for (const name of ['aria-labelledby', 'aria-describedby'])
      for (const label of elements.flatMap((element) => attribute(element, name) ?? []))
        expect(ids).toContain(label);
    const levels = elements.flatMap(({ tagName }) => (/^h[1-4]$/.test(tagName) ? [Number(tagName[1])] : []));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  });
});

const luminance = (colour: string): number =>
  [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);

const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

describe('colours', () => {
  test.each([
    ['light', LIGHT],
    ['dark', DARK],
  ] as const)('%s: every text is readable on what it stands on (4.5 to 1)', (_, palette) => {
    const faint = WRITTEN_ON.map(
      ([text, ground]) => [`${text} on ${ground}`, contrast(palette[text], palette[ground])] as const,
    ).filter(([, ratio]) => ratio < 4.5);
    expect(faint).toEqual([]);
  });
});

/** Names of the elements with those of their attributes. */
function shapeOf(elementsOfPage: readonly Element[]): readonly string[] {
  return elementsOfPage.map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);
}

/** Texts that are cut have a test of their own. */
const isShort = ({ length }: string): boolean => length > 0 && length < 2_000;

test('hostile text in every field changes no element and no attribute of the page', () => {
  const plain = shapeOf(elementsOf(write(hostileReport(' words'))));
  fc.assert(
    fc.property(hostileText.filter(isShort), (text) => {
      const report = hostileReport(text);
      const written = write(report);
      expect(isSafe(written)).toBe(true);
      const shown = elementsOf(written);
      expect(shapeOf(shown)).toEqual(plain);
      expect(JSON.parse(textOfId(shown, 'report').replaceAll('\n', ' '))).toBeTypeOf('object');
    }),
    { numRuns: 40, examples: HOSTILE_TEXTS.filter(isShort).map((text) => [text]) },
  );
});

test('hostile ids lead nowhere else', () => {
  const { 'auth.live': row } = gatedReport.checks;
  if (!row) throw new Error('the sample lost a row');
  const ids = ['"><b onclick=x>', 'a b', '\uD800', 'x'.repeat(1_000), 'constructor'];
  const report = {
    ...gatedReport,
    rootCauses: [...ids, '__proto__', 'toString'].map((check) => ({
      check,
      status: 'fail',
      cause: 'c',
      remedy: '',
      symptoms: ['__proto__', 'valueOf'],
    })),
    checks: Object.fromEntries(ids.map((id) => [id, { ...row, id }])),
    redactions: [],
  } as unknown as RedactedReport;
  const shown = elementsOf(write(report));
  expect(named(shown, 'b').every((element) => element.attrs.length === 0)).toBe(true);
  const anchors = shown.flatMap((element) => attribute(element, 'id') ?? []);
  for (const link of named(shown, 'a')) expect(anchors).toContain(attribute(link, 'href')?.slice(1));
});

test('texts of a megabyte are cut in the page, not in its JSON', () => {
  const { 'mcp.config': row } = gatedReport.checks;
  if (!row) throw new Error('the sample lost a row');
  const details = {
    long: 'word '.repeat(200_000),
    list: Array.from({ length: 1_000 }, (_, index) => `item ${index}`),
  };
  const report = { ...gatedReport, checks: { x: { ...row, id: 'x', details } }, redactions: [] };
  const written = write(report as unknown as RedactedReport);
  const [markup = '', data = ''] = written.split('<script type="application/json"');
  expect(markup.length).toBeLessThan(100_000);
  expect(markup).toContain('and 800 more');
  expect(data.length).toBeGreaterThan(1_000_000);
});
