import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codexReportText } from '../../../fixtures/codex-report.ts';
import { gatedReport, hostileReport, hostileText } from '../../../fixtures/hostile-report.ts';
import { schemaErrors } from '../../../fixtures/schema.ts';
import { FORMATS } from '../../../reporters/formats.ts';
import type { Format, Style } from '../../../reporters/reporter.ts';
import { redactReport } from '../redact-report.ts';
import type { RedactedReport, Report } from '../report.ts';
import { readReport } from './read-report.ts';

const style: Style = { color: false, ascii: false, width: 100, all: true };
const clean = (report: Report): RedactedReport => redactReport(report, { userDirectory: '/home/ann' });
const written = clean(gatedReport);
const text = JSON.stringify(written, null, 2);

function read(input: string): Report {
  const found = readReport(input);
  if (found.kind !== 'report') throw new Error(`${found.problem}: ${input.slice(0, 200)}`);
  return found.report;
}

/** The report without the word that it was read from a file, by which pages differ. */
function asExamined(report: Report): RedactedReport {
  const { importedFrom: _word, ...rest } = clean(report);
  return rest;
}

const render = async (name: keyof typeof FORMATS, report: RedactedReport): Promise<string> => {
  const format: Format = FORMATS[name];
  return (await format.load())(report, style);
};
const names = Object.keys(FORMATS) as (keyof typeof FORMATS)[];

describe('what was written is read again', () => {
  test.each(names)('and looks the same as %s', async (name) => {
    expect(await render(name, asExamined(read(text)))).toBe(await render(name, written));
  });

  test('with hostile text in every place, and passes the redactor unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        const original = clean(hostileReport(hostile));
        const again = asExamined(read(JSON.stringify(original)));
        for (const name of ['json', 'human', 'ndjson', 'codex'] as const)
          expect(await render(name, again)).toBe(await render(name, original));
      }),
      { numRuns: 40 },
    );
  });

  test('says that it was read', () => {
    const again = clean(read(text));
    expect(again.importedFrom).toEqual({ format: 'stethos' });
    expect(schemaErrors(JSON.parse(JSON.stringify(again)))).toEqual([]);
    // Also when what was read from codex is written and read once more.
    const codex = clean(read(codexReportText('damaged-home')));
    expect(clean(read(JSON.stringify(codex)))).toEqual(codex);
  });

  test('from its lines, in the order of the report', async () => {
    const lines = (await render('ndjson', written)).split('\n');
    const [begin = '', ...rest] = lines;
    // Rows come as they finish.
    expect(asExamined(read([begin, ...rest.toReversed()].join('\r\n')))).toEqual(written);
  });

  test('from lines that end in the middle: what has no row did not answer', async () => {
    const lines = (await render('ndjson', written)).split('\n').slice(0, 4);
    const started = {
      type: 'check_started',
      id: 'state.integrity',
      section: 'Environment',
      category: 'state',
      title: 't',
    };
    const report = read([...lines, JSON.stringify(started), '{"type":"check_fin'].join('\n'));
    expect(report).toMatchObject({ interrupted: true, tool: written.tool, overallStatus: 'warning' });
    expect(Object.keys(report.checks)).toEqual(Object.keys(written.checks));
    expect(report.checks['runtime.provenance']).toEqual(written.checks['runtime.provenance']);
    expect(report.checks['state.integrity']).toMatchObject({
      status: 'incomplete',
      title: 't',
      category: 'state',
    });
    expect(report.counts.incomplete).toBe(Object.keys(written.checks).length - 3);
    expect(schemaErrors(JSON.parse(JSON.stringify(clean(report))))).toEqual([]);
  });

  test('from a later version: what is not known here is left out', () => {
    const later = {
      ...written,
      flavour: 'new',
      checks: Object.fromEntries(
        Object.entries(written.checks).map(([id, row]) => [id, { ...row, weight: { of: 3 } }]),
      ),
    };
    expect(asExamined(read(JSON.stringify(later)))).toEqual(written);
  });
});

describe('where it stands', () => {
  const found = read(text);

  test.each([
    ['after a byte order mark', `\ufeff${text}`],
    ['with the line ends of Windows', text.replaceAll('\n', '\r\n')],
    ['after the lines of a program', `WARNING: PATH {could} not be "changed"\n{ "level": "warn" }\n${text}`],
    ['before a prompt', `${text}\nann@host:~$ {`],
    ['in a fence', `It says:\n\n\`\`\`json\n${text}\n\`\`\`\n\nWhat now? {}`],
    ['in a fence of Windows', `\`\`\`\r\n${text.replaceAll('\n', '\r\n')}\r\n\`\`\``],
    ['in one line among others', `> stethos doctor --json\n${JSON.stringify(written)}`],
  ])('%s', (_where, input) => {
    expect(read(input)).toEqual(found);
  });
});

describe('what cannot be read says why', () => {
  test.each([
    ['nothing', '', 'it is empty'],
    ['an empty line', ' \r\n', 'it is empty'],
    ['words', 'Segmentation fault', 'there is no JSON in it'],
    ['a list', '[1, 2]', 'there is no JSON in it'],
    ['null', 'null', 'there is no JSON in it'],
    ['half a report', text.slice(0, -20), 'its JSON ends in the middle'],
    ['something else', '{"a": 1}', 'its JSON is not the report of a doctor'],
    ['checks that are none', '{"checks": 5}', 'its JSON is not the report of a doctor'],
    [
      'no rows',
      '{"checks": {}, "overallStatus": "fail"}',
      'the report has no rows, so there is nothing to judge',
    ],
    ['rows that are none', '{"checks": [1, null]}', 'the report has no rows, so there is nothing to judge'],
    ['lists in lists', `{"checks":${'['.repeat(200_000)}`, 'its JSON ends in the middle'],
    ['objects in objects', '{"a":'.repeat(20_000), 'its JSON ends in the middle'],
  ])('%s', (_what, input, problem) => {
    expect(readReport(input)).toMatchObject({
      kind: 'unreadable',
      problem,
      remedy: expect.stringMatching(/\.$/),
    });
  });

  test('a text that is too large', () => {
    expect(readReport(' '.repeat(50 * 1024 * 1024 + 1))).toMatchObject({
      problem: 'it is larger than 50 MiB',
    });
  });
});

const said = (report: Report): string[] =>
  report.notes.filter(({ check }) => check === 'report').map((note) => note.text);

describe('a file that contradicts itself', () => {
  const spoilt = (change: object): Report => read(JSON.stringify({ ...written, ...change }));
  test('in its status', () => {
    const report = spoilt({ overallStatus: 'ok' });
    expect(report.overallStatus).toBe('fail');
    expect(said(report)).toEqual(['In the file that was read: it says ok as a whole, and its rows say fail']);
    expect(report.counts.notes).toBe(written.counts.notes + 1);
  });

  test('in its counts', () => {
    const report = spoilt({ counts: { ...written.counts, fail: 0 } });
    expect(report.counts.fail).toBe(written.counts.fail);
    expect(said(report)).toEqual(['In the file that was read: its counts are not those of its rows']);
  });

  test.each([
    ['none although rows failed', []],
    ['a row that there is not', [{ ...written.rootCauses[0], check: 'no.such' }]],
    ['a row that is well', [{ ...written.rootCauses[0], check: 'installation' }]],
    ['nonsense', { a: 1 }],
  ])('in its root causes: %s', (_what, rootCauses) => {
    const report = spoilt({ rootCauses });
    expect(report.rootCauses).toEqual(written.rootCauses);
    expect(report.notes.filter(({ kind }) => kind === 'cause')).toEqual(
      written.notes.filter(({ kind }) => kind === 'cause'),
    );
    expect(said(report)).toHaveLength(1);
  });

  test('in a row that is ok and names a fault', () => {
    const row = written.checks['state.integrity'];
    const report = read(
      JSON.stringify({
        ...written,
        checks: { 'state.integrity': { ...row, status: 'ok' } },
        rootCauses: undefined,
      }),
    );
    expect(report.checks['state.integrity']?.status).toBe('fail');
    expect(report.rootCauses).toMatchObject([{ check: 'state.integrity' }]);
  });

  test('and one that says nothing of its rows is judged without a word', () => {
    const report = spoilt({ overallStatus: undefined, counts: undefined, rootCauses: undefined });
    expect(report).toMatchObject({ overallStatus: 'fail', rootCauses: written.rootCauses });
    expect(said(report)).toEqual([]);
  });
});

const rows = (checks: unknown): Report =>
  read(
    JSON.stringify({
      ...written,
      rootCauses: undefined,
      counts: undefined,
      overallStatus: undefined,
      checks,
    }),
  );

describe('rows', () => {
  const ok = { id: 'a.b', section: 'Plugins', category: 'a', title: 't', status: 'ok', summary: 's' };

  test.each([
    'toString',
    '__proto__',
    'A B',
    '',
    '../x',
    'ghp_0123456789abcdefghijABCDEFGHIJ012345',
    'x'.repeat(500),
  ])('called %j get an id that is one', (id) => {
    const report = rows(JSON.parse(`{${JSON.stringify(id)}: ${JSON.stringify(ok)}}`));
    const [found = ''] = Object.keys(report.checks);
    expect(found).toMatch(/^row(?:\.[a-z0-9_.]{1,100})?$/);
    expect(found).not.toContain('0123456789');
    expect(schemaErrors(JSON.parse(JSON.stringify(clean(report))))).toEqual([]);
  });

  test('with the same id are all kept', () => {
    const report = rows([ok, ok, { ...ok, status: 'fail' }]);
    expect(Object.values(report.checks).map(({ id, status }) => [id, status])).toEqual([
      ['a.b', 'ok'],
      ['a.b_2', 'ok'],
      ['a.b_3', 'fail'],
    ]);
  });

  test('with a status that nobody knows did not answer', () => {
    const report = rows([{ ...ok, status: 'fine' }, 7, null, { ...ok, id: 'c.d', status: 5 }]);
    expect(report.counts).toMatchObject({ incomplete: 2, ok: 0 });
    expect(report.notes.map((note) => note.text)).toEqual(
      expect.arrayContaining([
        'In the file that was read: 2 rows that cannot be read: left out',
        'In the file that was read: 2 rows with a status that is not known: taken as incomplete',
      ]),
    );
  });

  test('a hundred thousand of them, all failed and all alike, are read up to a bound', () => {
    const many = JSON.stringify({
      checks: Array.from({ length: 100_000 }, () => ({ ...ok, status: 'fail' })),
    });
    const report = read(many);
    expect(report.counts.fail).toBe(10_000);
    expect(report.notes.map((note) => note.text)).toContain(
      'In the file that was read: 90000 rows beyond the first 10000: not read',
    );
  });
});

describe('any JSON', () => {
  const words = fc.constantFrom(
    'ok',
    'fail',
    'warning',
    'skipped',
    'cause',
    'timeout',
    'a.b',
    'Plugins',
    '2026-01-01T00:00:00Z',
    '__proto__',
    '5s since unix epoch',
  );
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    words,
    fc.constantFrom(-1, 1e308, Number.MAX_VALUE, 0.5),
  );
  const member = (...members: readonly string[]) =>
    fc.dictionary(
      fc.oneof(fc.constantFrom(...members), fc.string()),
      fc.oneof({ weight: 2, arbitrary: words }, { weight: 1, arbitrary: anything }),
    );
  const row = fc
    .tuple(
      member(
        'id',
        'section',
        'category',
        'title',
        'status',
        'summary',
        'remediation',
        'startedAt',
        'durationMs',
        'skippedBecause',
        'causedBy',
      ),
      fc.record(
        {
          details: anything,
          issues: fc.oneof(
            anything,
            fc.array(member('severity', 'cause', 'measured', 'remedy', 'fields', 'failureClass')),
          ),
          failure: fc.oneof(anything, member('class', 'phase', 'message', 'httpStatus')),
          notes: anything,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([frame, parts]) => ({ ...frame, ...parts }));
  const document = fc
    .tuple(
      member(
        'generatedAt',
        'generated_at',
        'overallStatus',
        'overall_status',
        'codexVersion',
        'interrupted',
        'durationMs',
      ),
      fc.record(
        {
          checks: fc.oneof(
            fc.dictionary(fc.oneof(words, fc.string()), fc.oneof(row, anything)),
            fc.array(fc.oneof(row, anything)),
          ),
          notes: fc.oneof(anything, fc.array(member('kind', 'check', 'text'))),
          rootCauses: fc.oneof(anything, fc.array(member('check', 'status', 'cause', 'symptoms'))),
          counts: anything,
          gate: fc.oneof(anything, member('failOn', 'exitCode', 'counted', 'waived', 'expired')),
          tool: anything,
          target: fc.oneof(anything, member('profile', 'home', 'alsoPresent')),
          platform: anything,
          redactions: anything,
        },
        { requiredKeys: ['checks'] },
      ),
    )
    .map(([frame, parts]) => ({ ...frame, ...parts }));

  test('is read without a throw, and what comes of it follows the schema and shows in every format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: document }, { weight: 1, arbitrary: anything }),
        async (data) => {
          const found = readReport(JSON.stringify(data));
          if (found.kind === 'unreadable') return;
          const report = clean(found.report);
          expect(schemaErrors(JSON.parse(JSON.stringify(report)))).toEqual([]);
          for (const name of ['human', 'ndjson', 'codex'] as const)
            expect(await render(name, report)).not.toBe('');
          expect(clean(read(JSON.stringify(report)))).toEqual(report);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('nor does any text throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('{', '}', '"', '\\', '{"', '"type":"run_started"', '{"checks":{', text),
          ),
        ),
        (parts) => {
          expect(['report', 'unreadable']).toContain(readReport(parts.join('')).kind);
        },
      ),
    );
  });
});
