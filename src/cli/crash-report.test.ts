import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { programPath, runNode } from '../../fixtures/run.ts';
import type { Finished } from '../../fixtures/run.ts';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { jsonItem, startSentryServer, TEST_KEY } from '../../fixtures/sentry-server.ts';

const [planted = { secret: '' }] = sampleSecrets();

const fail = (env: Readonly<Record<string, string>>): Promise<Finished> =>
  runNode([programPath('failing-command.ts'), `no ${planted.secret} below ${env['HOME'] ?? ''}/notes`], {
    env,
  });

test('a fault of ours is sent to nobody, unless it is asked for', async () => {
  await using server = await startSentryServer();
  const { exitCode, stderr } = await fail({ HOME: temporaryHome(), SENTRY_DSN: server.dsn() });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('this is a fault in stethos itself: TypeError');
  expect(stderr).not.toContain('crash report');
  expect(server.received).toEqual([]);
});

test('asked for, it is sent as a redacted stack without arguments', async () => {
  await using server = await startSentryServer();
  const home = temporaryHome();
  const env = { HOME: home, SENTRY_DSN: server.dsn(), STETHOS_CRASH_REPORTS: '1' };
  const { exitCode, stderr } = await fail(env);
  const [envelope] = server.accepted;
  const event = jsonItem(envelope, 'event');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    `a crash report was sent to 127.0.0.1:${server.port}, project 42: event ${String(event['event_id'])}`,
  );
  expect(event).toMatchObject({
    level: 'fatal',
    message: 'stethos failed: TypeError',
    exception: {
      values: [{ value: expect.stringMatching(/TypeError: no .*~\/notes[^]*at .*main\.ts/) as string }],
    },
    tags: { command: 'doctor' },
  });
  expect(JSON.stringify(event)).not.toMatch(new RegExp(`/home/planted|${planted.secret}|${home}`));
});

test('what the homes of this user keep secret is hidden in it, whatever it looks like', async () => {
  await using server = await startSentryServer();
  const home = temporaryHome({ '.codex/auth.json': '{"OPENAI_API_KEY":"nightingale"}' });
  const env = { HOME: home, SENTRY_DSN: server.dsn(), STETHOS_CRASH_REPORTS: '1' };
  await runNode([programPath('failing-command.ts'), 'heard the nightingale'], { env });
  const sent = JSON.stringify(jsonItem(server.accepted[0], 'event'));
  expect(sent).toContain('heard the <known-secret:1>');
  expect(sent).not.toContain('nightingale');
});

test.each(['throw', 'reject'])('a fault where nobody waits for it ends the same way: %s', async (how) => {
  await using server = await startSentryServer();
  const env = { HOME: temporaryHome(), SENTRY_DSN: server.dsn(), STETHOS_CRASH_REPORTS: '1' };
  const { exitCode, stdout, stderr } = await runNode([programPath('failing-handler.ts'), how, 'planted'], {
    env,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain('this is a fault in stethos itself: TypeError: planted');
  expect(stderr).toContain('a crash report was sent');
  expect(jsonItem(server.accepted[0], 'event')).toMatchObject({
    message: 'stethos failed: TypeError',
    tags: { command: 'wait' },
  });
});

test.each([
  ['there is no DSN', {}, /no crash report was sent: there is no usable DSN/],
  [
    'nobody answers',
    { SENTRY_DSN: `http://${TEST_KEY}@127.0.0.1:9/1` },
    /no crash report was sent to 127\.0\.0\.1:9, project 1 yet/,
  ],
])('%s: the exit code stays', async (_name, more, words) => {
  const home = temporaryHome();
  const { exitCode, stderr } = await fail({ HOME: home, STETHOS_CRASH_REPORTS: '1', ...more });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(words);
  const waiting = 'SENTRY_DSN' in more ? readdirSync(join(home, '.stethos/feedback-spool')).length : 0;
  expect(waiting).toBe('SENTRY_DSN' in more ? 1 : 0);
});
