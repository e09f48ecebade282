import { expect, it } from 'vitest';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { failure } from './failure.ts';
import { redactReport } from './redact-report.ts';
import type { CheckResult, Report, Waiver } from './report.ts';

const secret = sampleSecrets()[0]?.secret ?? '';

/** A report with the same text in every place that is free text. */
function reportOf(text: string): Report {
  const check: CheckResult = {
    id: 'auth.credentials',
    section: 'Configuration',
    category: 'auth',
    title: text,
    status: 'fail',
    summary: text,
    details: { [text]: text, list: [text], size: 7, present: true, none: null },
    issues: [
      {
        severity: 'fail',
        cause: text,
        measured: text,
        expected: text,
        remedy: text,
        fields: [text],
        failureClass: 'expired',
        command: text,
        docs: text,
      },
    ],
    failure: failure('expired', text, { code: text, requestId: text, cfRay: text }),
    remediation: text,
    skippedBecause: text,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 1.5,
  };
  const waiver: Waiver = {
    check: '{auth,expired}.*',
    failureClass: 'expired',
    reason: text,
    expires: '2026-01-01',
    source: text,
  };
  return {
    schemaVersion: 1,
    generatedAt: '2026-01-02T03:04:05.678Z',
    overallStatus: 'fail',
    interrupted: false,
    tool: { name: 'stethos', version: '0.1.0' },
    target: {
      profile: 'codex',
      home: text,
      homeSource: text,
      version: text,
      agent: text,
      alsoPresent: [{ profile: 'stethos', home: text }],
    },
    platform: { os: 'linux', architecture: 'x64', runtime: text },
    durationMs: 2,
    counts: { ok: 0, idle: 0, warning: 0, fail: 1, skipped: 0, incomplete: 0, crashed: 0, notes: 1 },
    notes: [{ kind: 'cause', check: 'auth.credentials', text }],
    rootCauses: [
      {
        check: 'auth.credentials',
        status: 'fail',
        failureClass: 'expired',
        cause: text,
        remedy: text,
        symptoms: ['network.http'],
      },
    ],
    checks: { 'auth.credentials': check },
    gate: {
      failOn: 'fail',
      exitCode: 1,
      counted: ['auth.credentials'],
      waived: [{ check: 'auth.token', reason: text, expires: '2026-12-31' }],
      known: ['auth.expired'],
      expired: [waiver],
      unused: [waiver],
    },
  };
}

const options = { userDirectory: '/home/ann' };

it('leaves a secret in no field', () => {
  const clean = redactReport(reportOf(`see ${secret} in /home/ann\u001b[1m`), options);
  const text = JSON.stringify(clean);
  expect(text).not.toContain(secret.slice(6, 20));
  expect(text).not.toContain('/home/ann');
  const shown = String.raw`see <openai-key:1> in ~\u001b[1m`;
  const { redactions, ...rest } = clean;
  expect(rest).toEqual(reportOf(shown));
  const [hidden, home] = [...redactions].toSorted((a, b) => b.rule.localeCompare(a.rule));
  expect(hidden?.rule).toBe('openai-key');
  expect(home?.rule).toBe('home-directory');
  expect(hidden?.count).toBe(home?.count);
  expect(hidden?.count).toBe(JSON.stringify(rest).split('<openai-key:1>').length - 1);
});

it('adds only the ledger to a report without secrets', () => {
  const report = reportOf('nothing to see');
  expect(redactReport(report, options)).toEqual({ ...report, redactions: [] });
});

it('leaves words that programs match on, whatever the user is called', () => {
  const clean = redactReport(reportOf('text'), { ...options, userName: 'expired', hostName: 'credentials' });
  expect(clean).toEqual({ ...reportOf('text'), redactions: clean.redactions });
});

it('hides what stands in the place of a pattern or a day', () => {
  const report = reportOf('text');
  const waiver: Waiver = { check: `see ${secret}`, reason: '', expires: secret, source: '' };
  if (!report.gate) throw new Error('the sample lost its gate');
  const gate = { ...report.gate, expired: [waiver] };
  expect(JSON.stringify(redactReport({ ...report, gate }, options))).not.toContain(secret.slice(6, 20));
});
