import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileReport, hostileText } from '../../fixtures/hostile-report.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { redactReport } from '../../src/doctor/redact-report.ts';
import type { RedactedReport } from '../../src/doctor/report.ts';
import { human } from '../human.ts';
import type { Style } from '../reporter.ts';
import { wrap } from './layout.ts';
import { linkUrls, osc8 } from './links.ts';

const PAGE = 'file://host/docs/checks/state.integrity.md';
const plain: Style = { color: false, ascii: false, width: 60, all: true };
const linked: Style = { ...plain, links: true, pages: { 'state.integrity': PAGE } };
const clean = redactReport(sampleReport, { userDirectory: '/home/ann' });

// oxlint-disable-next-line no-control-regex -- the sequences themselves are looked for
const OSC_8 = /\u001B\]8;([^;\u001B]*);([^\u001B]*)\u001B\\/g;
const without = (text: string): string => text.replaceAll(OSC_8, '');
const links = (text: string): { parameters: string; url: string }[] =>
  [...text.matchAll(OSC_8)].map(([, parameters = '', url = '']) => ({ parameters, url }));

const wrapped = (text: string, width: number): string[] => {
  let count = 0;
  return linkUrls(
    text,
    wrap(text, width, (line) => line.length),
    () => (count += 1),
  );
};

describe('a page', () => {
  test('links each check that has a page from its label, and from no other column', async () => {
    const page = await human(clean, linked);
    expect(page).toContain(
      `✗ \u001B]8;;${PAGE}\u001B\\state\u001B]8;;\u001B\\        the state DB is damaged`,
    );
    expect(new Set(links(page).map(({ url }) => url))).toEqual(new Set([PAGE, '']));
  });

  test.each([{}, { color: true }, { ascii: true }, { width: 100 }])(
    'is as wide as without links: %j',
    async (look) => {
      expect(without(await human(clean, { ...linked, ...look }))).toBe(
        await human(clean, { ...plain, ...look }),
      );
    },
  );

  test('has none where the terminal follows none', async () => {
    expect(await human(clean, { ...linked, links: false })).toBe(await human(clean, plain));
  });

  test('hostile text forges none and breaks none', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, fc.webUrl(), async (text, url) => {
        const report: RedactedReport = hostileReport(`${text} ${url} ${text}`);
        const page = await human(report, linked);
        expect(without(page)).toBe(await human(report, plain));
        // Each is opened and closed in its turn, and leads where it says.
        const found = links(page);
        const [opened, closed] = [0, 1].map((turn) => found.filter((_link, index) => index % 2 === turn));
        expect(closed).toEqual(opened?.map(() => ({ parameters: '', url: '' })));
        const urls = opened?.map((link) => link.url).filter((target) => target !== PAGE) ?? [];
        expect(urls.filter((target) => !/^https?:\/\/[\u0021-\u007e]+$/.test(target))).toEqual([]);
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(without(page)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 8 },
    );
  });
});

describe('web addresses in a text', () => {
  const A = 'https://a.example/b/c?d=e';

  test.each([
    [`see ${A}.`, [A]],
    [`(${A}), http://b.example;`, [A, 'http://b.example/']],
    ['https://münchen.example/ü', ['https://xn--mnchen-3ya.example/%C3%BC']],
    ['http://127.0.0.1:9/v1/<redacted> connect failed', []],
    ['https://ann:secret@a.example/', []],
    ['https://', []],
    [`https://a.example/${'x'.repeat(3_000)}`, []],
    ['javascript:alert(1) file:///etc/passwd ftp://a.example', []],
    [
      String.raw`https://a.example\u001b]8;;https://attacker.example`,
      ['https://a.example/', 'https://attacker.example/'],
    ],
  ])('%s', (text, expected) => {
    const [line = ''] = wrapped(text, 10_000);
    expect(links(line).flatMap(({ url }) => (url === '' ? [] : [url]))).toEqual(expected);
    expect(without(line)).toBe(text);
  });

  test('is one link over all lines that it is broken over', () => {
    const lines = wrapped(`look at  ${A} and again at ${A}`, 16);
    expect(lines.map(without)).toEqual(wrap(`look at  ${A} and again at ${A}`, 16, (line) => line.length));
    const opened = links(lines.join('\n')).filter(({ url }) => url !== '');
    expect(opened.map(({ url }) => url)).toEqual(Array.from({ length: opened.length }, () => A));
    expect([...new Set(opened.map(({ parameters }) => parameters))]).toEqual(['id=stethos1', 'id=stethos2']);
    expect(opened.length).toBeGreaterThan(3);
    for (const line of lines) expect(links(line).length % 2).toBe(0);
  });
});

test.each([
  'https://a.example/\u0007',
  'https://a.example/\u001B\\',
  'https://a.example/ b',
  `https://a/${'x'.repeat(3_000)}`,
])('no sequence is left by %j', (url) => {
  expect(osc8('text', url)).toBe('text');
});
