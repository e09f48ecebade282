import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { golden, PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import { healthJson } from './health-json.ts';

interface Document {
  readonly status: string;
  readonly output?: string;
  readonly notes: readonly string[];
  readonly checks: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** The draft has no schema; this one says in one what its sections 3 and 4 say in words. */
const status = { enum: ['pass', 'warn', 'fail'] };
const silentWhenPassing = {
  if: { properties: { status: { const: 'pass' } }, required: ['status'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { not: { required: ['output'] } },
};
const schema = {
  type: 'object',
  required: ['status'],
  additionalProperties: false,
  properties: {
    status,
    version: { type: 'string' },
    serviceId: { type: 'string' },
    description: { type: 'string' },
    notes: { type: 'array', items: { type: 'string' } },
    output: { type: 'string' },
    checks: {
      type: 'object',
      // One colon, between the names of the component and of the measurement.
      propertyNames: { pattern: '^[^:]+:[^:]+$' },
      additionalProperties: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['componentType'],
          properties: {
            componentId: { type: 'string' },
            componentType: { enum: ['component', 'datastore', 'system'] },
            observedValue: {},
            observedUnit: { type: 'string' },
            status,
            time: { type: 'string', format: 'date-time' },
            output: { type: 'string' },
          },
          ...silentWhenPassing,
        },
      },
    },
  },
  ...silentWhenPassing,
};
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function read(text: string): Document {
  const document = JSON.parse(text) as Document;
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  return document;
}

test('golden file', async () => {
  await expect(await shown(healthJson)).toMatchFileSnapshot(golden('report.health.json'));
});

test('what is let through warns, what has no answer warns, what was skipped is a note', async () => {
  const { status: overall, checks, notes } = read(await shown(healthJson));
  expect(overall).toBe('fail');
  expect(checks['state.integrity:issues']).toMatchObject([
    { status: 'fail', observedValue: 1, observedUnit: 'issues', componentType: 'datastore' },
  ]);
  expect(checks['auth.live:issues']).toMatchObject([{ status: 'warn' }]);
  expect(checks['network.env:issues']).toMatchObject([{ status: 'warn', observedValue: 0 }]);
  expect(checks['state.integrity:duration']).toMatchObject([{ observedValue: 1.5, observedUnit: 'ms' }]);
  expect(Object.keys(checks)).not.toContain('state.rollout_db_parity:issues');
  expect(notes).toContain('skipped state.rollout_db_parity: not looked at, because state.integrity failed');
  expect(notes).toContain('auth.live is waived until 2026-12-31: the login is renewed on Monday');
});

test('a healthy machine passes without output', async () => {
  const { installation } = gatedReport.checks;
  if (!installation) throw new Error('the sample lost a row');
  const document = read(
    await shown(healthJson, { ...sampleReport, rootCauses: [], notes: [], checks: { installation } }),
  );
  expect(document.status).toBe('pass');
  expect(document.output).toBeUndefined();
});

const outline = (text: string): readonly unknown[] => {
  // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]|\\u[0-9a-f]{4}(?<!\\\\u[0-9a-f]{4})/);
  const { status: overall, checks } = read(text);
  return [
    overall,
    ...Object.entries(checks).map(([name, values]) => [name, values.map((value) => value['status'])]),
  ];
};

test('hostile text in every field leaves the same measurements', async () => {
  const expected = outline(await healthJson(hostileReport(''), PLAIN_STYLE));
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      expect(outline(await healthJson(hostileReport(text), PLAIN_STYLE))).toEqual(expected);
    }),
  );
});
