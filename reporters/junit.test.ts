import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { XmlElement } from 'libxml2-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { golden, largeReport, PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import { element, xmlDocument } from './junit/xml.ts';
import { junit } from './junit.ts';

const schema = XmlDocument.fromBuffer(
  readFileSync(new URL('../fixtures/schemas/junit.xsd', import.meta.url)),
);
const validator = XsdValidator.fromDoc(schema);
afterAll(() => {
  validator.dispose();
  schema.dispose();
});

/** What each test is to a reader: the element in it, or none. */
function testsIn(text: string): Record<string, string> {
  using document = XmlDocument.fromString(text);
  validator.validate(document);
  return Object.fromEntries(
    document.find('//testcase').map((node) => {
      const testCase = node as XmlElement;
      const children = testCase.find('*').map((child) => (child as XmlElement).name);
      return [`${testCase.attr('name')?.value}`, children.join(' ')];
    }),
  );
}

test('golden file', async () => {
  await expect(await shown(junit)).toMatchFileSnapshot(golden('report.junit.xml'));
});

test('a test fails where the row counts; what is waived or known is skipped', async () => {
  expect(testsIn(await shown(junit))).toMatchObject({
    'runtime.provenance': '',
    'app_server.status': '',
    'state.integrity': 'failure',
    'network.provider_reachability': 'failure',
    'auth.live': 'skipped system-out',
    'terminal.env': 'skipped system-out',
    'state.rollout_db_parity': 'skipped',
    'network.env': 'error',
    'plugin.sample': 'error',
  });
});

test('without a gate, failures fail and warnings pass with what they found', async () => {
  expect(testsIn(await shown(junit, sampleReport))).toMatchObject({
    'auth.live': 'failure',
    'terminal.env': 'system-out',
  });
});

test('--fail-on never is about the exit code: failures stay failures', async () => {
  const gate = {
    failOn: 'never',
    exitCode: 0,
    counted: [],
    waived: [],
    known: [],
    expired: [],
    unused: [],
  } as const;
  expect(testsIn(await shown(junit, { ...gatedReport, gate }))).toMatchObject({ 'auth.live': 'failure' });
});

describe('hostile text', () => {
  test('in every field leaves a valid file with the same tests', async () => {
    const tests = testsIn(await junit(hostileReport(''), PLAIN_STYLE));
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        expect(testsIn(await junit(hostileReport(text), PLAIN_STYLE))).toEqual(tests);
      }),
    );
  });

  test('is read back as it is, in text and attributes, but for what XML cannot say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const plain = text.replaceAll(/[^\n\t -~]/g, '');
        using document = XmlDocument.fromString(xmlDocument(element('a', { b: plain }, plain)));
        expect(document.root.attr('b')?.value).toBe(plain);
        expect(document.root.content).toBe(plain);
      }),
    );
  });

  test('of any length stays below what GitLab takes', async () => {
    const text = await junit(largeReport({ rows: 300, length: 8_000 }), PLAIN_STYLE);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000_000);
    expect(Object.values(testsIn(text))).toHaveLength(300);
    expect(text).toContain('more characters)');
  });
});
