import fc from 'fast-check';
import parse from 'parse-prometheus-text-format';
import { describe, expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { golden, PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import { visible } from '../src/redact/control.ts';
import { exposition } from './prometheus/exposition.ts';
import { prometheus } from './prometheus.ts';

type Families = ReturnType<typeof parse>;

/** The parser skips lines that it cannot read: a file is whole where as many samples come back as it has lines. */
function read(text: string): Families {
  const families = parse(text);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(families.flatMap(({ metrics }) => metrics)).toHaveLength(samples.length);
  return families;
}

const valuesOf = (families: Families, name: string): readonly (readonly [unknown, number])[] =>
  (families.find((family) => family.name === name)?.metrics ?? []).map(({ labels, value }) => [
    labels,
    Number(value),
  ]);

test('golden file', async () => {
  await expect(await shown(prometheus)).toMatchFileSnapshot(golden('report.prom'));
});

describe('what a rule can ask', () => {
  test('a check has one of its statuses', async () => {
    const statuses = valuesOf(read(await shown(prometheus)), 'stethos_doctor_check_status');
    expect(statuses).toContainEqual([{ target: 'codex', check: 'state.integrity', status: 'fail' }, 1]);
    expect(statuses).toContainEqual([{ target: 'codex', check: 'state.integrity', status: 'ok' }, 0]);
    expect(statuses.filter(([, value]) => value === 1)).toHaveLength(Object.keys(gatedReport.checks).length);
  });

  test('durations are seconds, times seconds since 1970', async () => {
    const families = read(await shown(prometheus));
    expect(valuesOf(families, 'stethos_doctor_duration_seconds')).toEqual([[{ target: 'codex' }, 0.0425]]);
    expect(valuesOf(families, 'stethos_doctor_last_run_timestamp_seconds')).toEqual([
      [{ target: 'codex' }, Date.UTC(2026, 10, 20, 10) / 1_000],
    ]);
    expect(valuesOf(families, 'stethos_doctor_check_waived_until_timestamp_seconds')).toEqual([
      [{ target: 'codex', check: 'auth.live' }, Date.UTC(2027, 0, 1) / 1_000],
    ]);
  });

  test('symptoms and known rows can be left out', async () => {
    const families = read(await shown(prometheus));
    expect(valuesOf(families, 'stethos_doctor_check_known')).toEqual([
      [{ target: 'codex', check: 'terminal.env' }, 1],
    ]);
    expect(valuesOf(families, 'stethos_doctor_check_symptom')).toContainEqual([
      { target: 'codex', check: 'network.provider_reachability', root_cause: 'auth.live' },
      1,
    ]);
  });

  test('without a gate nothing is said of one', async () => {
    expect(await shown(prometheus, sampleReport)).not.toMatch(/exit_code|waive/);
  });
});

const outline = (text: string): readonly unknown[] =>
  read(text).map(({ name, type, help, metrics }) => [name, type, help, metrics.map(({ value }) => value)]);

describe('hostile text', () => {
  test('in every field leaves the same series', async () => {
    const expected = outline(await prometheus(hostileReport(''), PLAIN_STYLE));
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        expect(outline(await prometheus(hostileReport(text), PLAIN_STYLE))).toEqual(expected);
      }),
    );
  });

  test('in a label is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const [family] = read(
          exposition([{ name: 'a', help: 'b', samples: [{ value: 1 }] }], { label: text }),
        );
        expect(family?.metrics[0]?.labels).toEqual({ label: visible(text) });
      }),
    );
  });
});
