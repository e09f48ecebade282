import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { golden, largeReport, PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import type { CheckResult, Report } from '../src/doctor/report.ts';
import { sarif } from './sarif.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation?: unknown;
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly unknown[];
  readonly baselineState?: string;
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Readonly<Record<string, unknown>>[] } };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly [
    { readonly toolExecutionNotifications: readonly { readonly level: string }[] },
  ];
  readonly results: readonly Result[];
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(
  JSON.parse(
    readFileSync(new URL('../fixtures/schemas/sarif-2.1.0.json', import.meta.url), 'utf8'),
  ) as object,
);

function read(text: string): Run {
  const document = JSON.parse(text) as { readonly runs: readonly [Run] };
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  return document.runs[0];
}

test('golden file', async () => {
  await expect(
    await shown(sarif, gatedReport, { anchorFile: '.github/agents/my agent.md' }),
  ).toMatchFileSnapshot(golden('report.sarif'));
});

describe('results', () => {
  test('one for each issue, failures first, causes before symptoms', async () => {
    const { results, tool } = read(await shown(sarif));
    expect(results.map(({ ruleId, level }) => `${level} ${ruleId}`)).toEqual([
      'error state.integrity',
      'error auth.live',
      'error network.provider_reachability',
      'warning terminal.env',
      'warning terminal.env',
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.['id']).toBe(ruleId);
    expect(results[2]?.message.text).toContain('Shows the fault of auth.live');
  });

  test('stand at the anchor file, or nowhere in the repository', async () => {
    const anchored = read(await shown(sarif, gatedReport, { anchorFile: 'docs/an agent.md' }));
    for (const { locations } of anchored.results)
      expect(locations).toMatchObject([
        { physicalLocation: { artifactLocation: { uri: 'docs/an%20agent.md' }, region: { startLine: 1 } } },
      ]);
    for (const { locations, ruleId } of read(await shown(sarif)).results) {
      expect(locations[0]?.physicalLocation).toBeUndefined();
      expect(locations[0]?.logicalLocations[0]?.fullyQualifiedName).toBe(`codex/${ruleId}`);
    }
  });

  test('say what was accepted and what is old', async () => {
    const { results } = read(await shown(sarif));
    expect(
      results.map(({ ruleId, suppressions, baselineState }) => [ruleId, suppressions, baselineState]),
    ).toEqual([
      ['state.integrity', [], 'new'],
      [
        'auth.live',
        [
          {
            kind: 'external',
            status: 'accepted',
            justification: 'until 2026-12-31: the login is renewed on Monday',
          },
        ],
        undefined,
      ],
      ['network.provider_reachability', [], 'new'],
      ['terminal.env', [], 'unchanged'],
      ['terminal.env', [], 'unchanged'],
    ]);
    for (const result of read(await shown(sarif, sampleReport)).results)
      expect(Object.keys(result)).not.toContain('suppressions');
  });

  test('checks without an answer and skipped ones are notifications', async () => {
    const [{ toolExecutionNotifications }] = read(await shown(sarif)).invocations;
    expect(toolExecutionNotifications.map(({ level }) => level)).toEqual([
      // The verdict, two waivers that somebody has to look after, what was skipped.
      'note',
      'note',
      'note',
      'note',
      'warning',
      'error',
    ]);
  });
});

const fingerprintsOf = async (report: Report): Promise<readonly string[]> =>
  read(await shown(sarif, report)).results.map(
    (result) => result.partialFingerprints['primaryLocationLineHash'] ?? '',
  );

describe('fingerprints', () => {
  test('tell findings apart', async () => {
    const fingerprints = await fingerprintsOf(gatedReport);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });

  test('stay the same on another machine, at another time, with other values', async () => {
    const elsewhere: Report = {
      ...gatedReport,
      generatedAt: '2027-01-02T03:04:05.000Z',
      target: { ...gatedReport.target, home: '/srv/agent', version: '0.170.0' },
      platform: { os: 'darwin', architecture: 'arm64', runtime: 'node 22.19.0' },
      checks: Object.fromEntries(
        Object.values(gatedReport.checks).map((row): [string, CheckResult] => [
          row.id,
          {
            ...row,
            issues: row.issues.map((issue) => ({ ...issue, cause: 'other words', measured: '/srv/agent' })),
          },
        ]),
      ),
    };
    expect(await fingerprintsOf(elsewhere)).toEqual(await fingerprintsOf(gatedReport));
  });
});

test('more findings than GitHub takes are left out and counted', async () => {
  const text = await sarif(largeReport({ rows: 25_010, length: 2 }), PLAIN_STYLE);
  // Without the schema, which compares each of these with each other.
  const { results, tool, invocations } = (JSON.parse(text) as { readonly runs: readonly [Run] }).runs[0];
  expect([results.length, tool.driver.rules.length]).toEqual([25_000, 25_000]);
  expect(JSON.stringify(invocations)).toContain('10 more findings are left out');
});

const outline = (text: string): readonly unknown[] => {
  expect(text).not.toMatch(/\]\((?:javascript|https)/);
  // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
  return read(text).results.map(({ ruleId, level }) => [ruleId, level]);
};

test('hostile text in every field leaves a valid log with the same findings and no link', async () => {
  const style = { ...PLAIN_STYLE, anchorFile: 'README.md' };
  const expected = outline(await sarif(hostileReport(''), style));
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      expect(outline(await sarif(hostileReport(text), style))).toEqual(expected);
    }),
  );
});
