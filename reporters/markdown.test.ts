import { join } from 'node:path';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { defaultTreeAdapter, parseFragment } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, test } from 'vitest';
import { gatedReport, HOSTILE_TEXTS, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { isSafe } from '../src/redact/control.ts';
import { markdown } from './markdown.ts';

const write = (report: RedactedReport): string =>
  markdown(report, { color: false, ascii: false, width: 100, all: false }) as string;
const golden = join(import.meta.dirname, '..', 'fixtures', 'golden', 'markdown.md');
const gated = write(redactReport(gatedReport, { userDirectory: '/home/ann' }));

/** As GitHub renders an issue: HTML goes through, bare addresses become links. */
const renderer = new MarkdownIt({ html: true, linkify: true });
// Nor does GitHub take each word with a dot for a host; `www.` is asked for below.
renderer.linkify.set({ fuzzyLink: false });

interface Rendered {
  /** Names of the elements with those of their attributes, in the order of the page. */
  readonly shape: readonly string[];
  /** Text that stands outside of code, where GitHub looks for mentions, references and `:names:`. */
  readonly words: string;
  readonly commands: readonly string[];
}

function render(text: string): Rendered {
  const shape: string[] = [];
  const words: string[] = [];
  const commands: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if (defaultTreeAdapter.isTextNode(child)) words.push(child.value);
      if (!defaultTreeAdapter.isElementNode(child)) continue;
      const { tagName, attrs } = child;
      shape.push([tagName, ...attrs.map(({ name }) => name)].join(' '));
      if (tagName === 'code')
        commands.push(child.childNodes.map((one) => ('value' in one ? one.value : '<')).join(''));
      else walk(child);
    }
  };
  walk(parseFragment(renderer.render(text)));
  return { shape, words: words.join('\u0000'), commands };
}

test('a report that was read from a file says so beside its verdict', () => {
  const report = redactReport(
    { ...gatedReport, importedFrom: { format: 'codex' } },
    { userDirectory: '/home/ann' },
  );
  expect(write(report).split('\n').slice(0, 6).join(' ')).toContain('nothing was examined here');
  expect(gated).not.toContain('nothing was examined here');
});

test('golden report', () => expect(gated).toMatchFileSnapshot(golden));

describe('what a reader of the issue sees', () => {
  const { shape, commands, words } = render(gated);
  const count = (name: string): number => shape.filter((one) => one.split(' ')[0] === name).length;

  test('one table with a line for each bad row, the evidence folded away', () => {
    expect(count('table')).toBe(1);
    expect(count('tr')).toBe(1 + 6);
    expect(count('th')).toBe(5);
    expect(count('td')).toBe(6 * 5);
    expect(count('details')).toBe(1);
    expect(words.indexOf('Verdict: failed')).toBeGreaterThan(-1);
    expect(words.indexOf('Verdict: failed')).toBeLessThan(words.indexOf('Evidence of 13 checks'));
  });

  test('commands and values as they are', () => {
    expect(commands).toContain('cp -a ~/.codex/state_5.sqlite ~/state_5.sqlite.damaged\n');
    expect(commands).toContain('page 7 is never used; row 12 missing from index idx_threads_created_at');
    expect(words).toContain('~/.codex/state_5.sqlite, then start the agent');
  });
});

const ISSUE_CHARACTERS = 65_536;
const OWN_NAMES = new Set(
  'h3 h4 p strong ul li code table thead tr th tbody td br pre class details summary'.split(' '),
);

/** What the renderer of GitHub makes of finished text: people and teams, references, addresses, pictures. */
const WORKED_ON = /@[\w-]|#\d|\bgh-\d|:\/\/|\bwww\.\w|:[\w+-]+:/i;

/** Whether a text is code, a block of it or one line more differs with the text; nothing else may. */
const frameOf = ({ shape }: Rendered): readonly string[] =>
  shape.filter((name) => !/^(code|code class|pre|br)$/.test(name));

const MORE_HOSTILE_TEXTS = [
  '@team @org/team me@attacker.example #1 GH-1 o/r#12 https://attacker.example www.attacker.com :octocat:',
  '\\` `` ``` \\| | \\\\| `a|b`',
  '</summary></details><h1>',
  '[x](https://attacker.com) ![x](//attacker.com/x) <https://attacker.com> [a]: //x',
  '$\\sqrt{x}$ ~~s~~ **b** __b__ [^1] - [x] done',
];

test('the renderer would follow what it is given', () =>
  expect(render('https://attacker.com <b>x</b> ![y](z.png)').shape).toEqual([
    'p',
    'a href',
    'b',
    'img src alt',
  ]));

test('hostile text in every field is text: no element, no link, no picture, nobody mentioned', () => {
  const innocent = frameOf(render(write(hostileReport(' and more words'))));
  fc.assert(
    fc.property(hostileText, (text) => {
      const document = write(hostileReport(text));
      expect(isSafe(document)).toBe(true);
      expect(document.length).toBeLessThanOrEqual(ISSUE_CHARACTERS);
      const rendered = render(document);
      const names = new Set(rendered.shape.flatMap((name) => name.split(' ')));
      expect([...names].filter((name) => !OWN_NAMES.has(name))).toEqual([]);
      expect(rendered.words.match(WORKED_ON)).toBeNull();
      const isWhole = !document.includes('Left out for its length: ');
      expect(isWhole ? frameOf(rendered) : innocent).toEqual(innocent);
      expect(isWhole || text.length > 80).toBe(true);
    }),
    { numRuns: 80, examples: [...HOSTILE_TEXTS, ...MORE_HOSTILE_TEXTS].map((text) => [text]) },
  );
});

test('code says every value as it is, however it is written', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', '|', '\\', 'a', '~', '<', '&', '*') }), (text) => {
      const row = gatedReport.checks['mcp.config'];
      if (!row || text.trim() === '') return;
      const report = {
        ...gatedReport,
        redactions: [],
        checks: { x: { ...row, id: 'x', details: { x: text } } },
      };
      expect(render(write(report as unknown as RedactedReport)).commands).toContain(text);
    }),
    { numRuns: 50 },
  ));

test('a report too long for an issue says what it left out, and keeps what is wrong', () => {
  const row = gatedReport.checks['state.integrity'];
  if (!row) throw new Error('the sample lost a row');
  const rows = Array.from({ length: 300 }, (_, index): readonly [string, CheckResult] => [
    `many.n${index}`,
    { ...row, id: `many.n${index}` },
  ]);
  const document = write({
    ...gatedReport,
    checks: { ...gatedReport.checks, ...Object.fromEntries(rows) },
    redactions: [],
  } as unknown as RedactedReport);
  expect(document.length).toBeLessThanOrEqual(ISSUE_CHARACTERS);
  expect(document).toContain('**Cause 1:** `state.integrity`');
  expect(document).toContain('**Environment:** stethos 1.2.3');
  expect(document).toMatch(/Left out for its length: \d+ rows of the table, \d+ checks of the evidence\./);
  expect(render(document).shape.filter((name) => name === 'details')).toHaveLength(1);
});
