import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { closedPort } from '../../../../fixtures/lab/fault-server.ts';
import { stethos } from '../../../../fixtures/run.ts';
import { sampleReport } from '../../../../fixtures/sample-report.ts';
import { jsonItem, startSentryServer, TEST_KEY } from '../../../../fixtures/sentry-server.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import { redactReport } from '../../../doctor/redact-report.ts';
import type { ProfileId } from '../../../target/profile.ts';
import { readDoctorOptions } from '../../command-line.ts';
import { doctor } from '../doctor.ts';
import { classesOf } from './event.ts';
import { reportToSentry } from './send.ts';

/** A run of one check that warns or fails, beside a stethos home of its own. */
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, home = temporaryHome()) =>
  stethos(['doctor', '--no-exec', '--home', home, ...args], { env: { HOME: temporaryHome(), ...env } });
const CHECK = ['--only', 'config.load'];
const BROKEN = { 'config.toml': 'model = \n' };

test('the run arrives as an event with its tags and the report attached, and the exit code is that of the doctor', async () => {
  await using server = await startSentryServer();
  const { exitCode, stdout, stderr } = await run(
    [...CHECK, '--json', '--sentry', '--dsn', server.dsn()],
    {},
    temporaryHome(BROKEN),
  );
  const report = JSON.parse(stdout) as RedactedReport;
  expect({ exitCode, status: report.overallStatus }).toEqual({ exitCode: 1, status: 'fail' });
  const [envelope] = server.accepted;
  const event = jsonItem(envelope, 'event');
  expect(stderr).toBe(
    `stethos: sent to Sentry (127.0.0.1:${server.port}, project 42) as event ${String(event['event_id'])}\n`,
  );
  expect(event).toMatchObject({
    tags: {
      doctor_overall_status: 'fail',
      doctor_fail_count: '1',
      doctor_failed_checks: 'config.load',
      agent: 'codex',
    },
    fingerprint: ['stethos-doctor', 'codex', 'malformed'],
    release: `stethos@${report.tool.version}`,
  });
  const attachment = envelope?.items[1];
  expect(attachment?.header['filename']).toBe('codex-doctor-report.json');
  expect(attachment?.payload.toString('utf8')).toBe(stdout);
});

/** What is told of a run that has been printed. */
function told(
  env: Readonly<Record<string, string>>,
  { dsn, profile = 'codex' }: { readonly dsn?: string; readonly profile?: ProfileId } = {},
): Promise<string> {
  const report = redactReport(sampleReport, { userDirectory: '/home/ann' });
  return reportToSentry({
    report: { ...report, target: { ...report.target, profile } },
    dsn,
    context: {
      target: profile,
      cwd: '/',
      env: { HOME: temporaryHome(), ...env },
      overrides: { set: [], enable: [], disable: [] },
      exec: false,
      deep: false,
      offline: false,
    },
    signal: new AbortController().signal,
  });
}

test("stethos' own home has a report of its own name", async () => {
  await using server = await startSentryServer();
  expect(await told({ SENTRY_DSN: server.dsn() }, { profile: 'stethos' })).toContain('sent to Sentry');
  expect(server.accepted[0]?.items[1]?.header['filename']).toBe('stethos-doctor-report.json');
});

describe('whatever Sentry does, the report is printed and the exit code stays', () => {
  test('nobody listens: the event waits in the stethos home, and the examined home has nothing', async () => {
    await using server = await startSentryServer();
    const [stethosHome, examined] = [temporaryHome(), temporaryHome(BROKEN)];
    const dead = `http://${TEST_KEY}@127.0.0.1:${await closedPort()}/42`;
    const spool = join(stethosHome, 'feedback-spool');
    const env = { STETHOS_HOME: stethosHome };
    const first = await run([...CHECK, '--summary', '--sentry', '--dsn', dead], env, examined);
    expect(first).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('config.load') as string });
    expect(first.stderr).toMatch(
      /^stethos: not sent to Sentry .* yet: nobody listens.*waits in .*feedback-spool\.\n$/,
    );
    expect(first.stderr).not.toContain(TEST_KEY);
    expect(readdirSync(spool)).toHaveLength(1);
    expect(readdirSync(examined)).toEqual(['config.toml']);

    expect(await told(env, { dsn: server.dsn() })).toContain('sent to Sentry');
    // It was written for another destination.
    expect(readdirSync(spool)).toHaveLength(1);
  });

  test.each([
    ['there is no DSN', {}, /nothing was sent to Sentry: there is no DSN\. Say where/],
    [
      'the DSN is none',
      { SENTRY_DSN: `https://${TEST_KEY}@/` },
      /nothing was sent to Sentry: SENTRY_DSN: the DSN/,
    ],
  ])('%s', async (_name, env, words) => {
    const line = await told(env);
    expect(line).toMatch(words);
    expect(line).not.toContain(TEST_KEY);
  });
});

test('what waited for the same destination goes with the next run', async () => {
  let isDown = true;
  await using server = await startSentryServer(() => (isDown ? { status: 503 } : undefined));
  const env = { STETHOS_HOME: temporaryHome(), SENTRY_DSN: server.dsn() };
  await told(env);
  isDown = false;
  await told(env);
  expect(new Set(server.accepted.map(({ header }) => header['event_id'])).size).toBe(2);
  expect(readdirSync(join(env.STETHOS_HOME, 'feedback-spool'))).toEqual([]);
});

test.each([
  [['--dsn', 'https://k@host/1'], '--dsn says where --sentry sends to'],
  [['--sentry', '--offline'], 'exclude each other'],
  [['--sentry', '--dsn', 'nonsense'], '--dsn: the DSN cannot be read as a URL'],
])('%j is a wrong command line', async (args, words) => {
  const options = readDoctorOptions(args);
  await expect(options && doctor(options)).rejects.toThrow(words);
});

const reportWith = (...causes: readonly (readonly [string, string | undefined, string])[]): RedactedReport =>
  ({
    overallStatus: causes.some(([, , status]) => status === 'fail') ? 'fail' : 'warning',
    rootCauses: causes.map(([check, failureClass, status]) => ({ check, failureClass, status })),
  }) as unknown as RedactedReport;

test('machines with the same fault are one issue, whichever check met it and in whatever order', () => {
  expect(
    classesOf(
      reportWith(
        ['network.dns', 'tls_untrusted', 'fail'],
        ['auth.live', 'expired', 'fail'],
        ['state.growth', 'stale', 'warning'],
      ),
    ),
  ).toEqual(['expired', 'tls_untrusted']);
  expect(
    classesOf(
      reportWith(
        ['auth.live', 'expired', 'fail'],
        ['x.y', 'tls_untrusted', 'fail'],
        ['z.z', 'tls_untrusted', 'fail'],
      ),
    ),
  ).toEqual(['expired', 'tls_untrusted']);
  expect(classesOf(reportWith(['terminal.env', undefined, 'warning']))).toEqual(['terminal.env']);
  expect(classesOf({ overallStatus: 'ok', rootCauses: [] } as unknown as RedactedReport)).toEqual(['ok']);
});
