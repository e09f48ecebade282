import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { closedPort } from '../../../fixtures/lab/fault-server.ts';
import { feedbackInProcess } from '../../../fixtures/report-commands.ts';
import type { Ended } from '../../../fixtures/report-commands.ts';
import { put, rolloutPlace, session } from '../../../fixtures/rollouts.ts';
import { stethos } from '../../../fixtures/run.ts';
import { acceptAll, startSentryServer, TEST_KEY } from '../../../fixtures/sentry-server.ts';
import type { SentryServer, SentryStep } from '../../../fixtures/sentry-server.ts';

const dsnAt = (port: number): string => `http://${TEST_KEY}@127.0.0.1:${port}/42`;

/** Feedback of one user, whose home keeps what waits. */
function newUser(): {
  readonly user: string;
  readonly home: string;
  readonly run: (...args: string[]) => Promise<Ended>;
} {
  const user = temporaryHome();
  const home = feedbackHome({ index: false, logs: false });
  return {
    user,
    home,
    run: (...args) =>
      feedbackInProcess(['--target', 'codex', '--home', home, ...args], { cwd: user, env: { HOME: user } }),
  };
}

const idIn = (text: string): string => /event ([\da-f]{32})/.exec(text)?.[1] ?? 'none';

const eventsOf = ({ accepted }: SentryServer): readonly unknown[] =>
  accepted
    .filter(({ items }) => items.some(({ header }) => header['type'] === 'event'))
    .map(({ header }) => header['event_id']);

test('nobody listens: it waits, says how to send it, and --retry sends it once, under the same id', async () => {
  const port = await closedPort();
  const { run } = newUser();
  const first = await run('--dsn', dsnAt(port), '--yes', '--include', 'rollouts', '-m', 'It broke');
  expect(first.exitCode).toBe(75);
  expect(first.stdout).toMatch(
    /Not sent yet: nobody listens.*\nSend it later: stethos feedback --retry --dsn DSN/,
  );
  expect(first.stdout).not.toContain(TEST_KEY);
  const id = idIn(first.stdout);

  const still = await run('--retry', '--dsn', dsnAt(port));
  expect(still).toMatchObject({
    exitCode: 75,
    stdout: expect.stringContaining(`Still waits: event ${id}: `) as string,
  });

  await using server = await startSentryServer(acceptAll, { port });
  expect(await run('--retry', '--dsn', dsnAt(port))).toEqual({
    exitCode: 0,
    stdout: `Sent as event ${id}.\n`,
    stderr: '',
  });
  expect(await run('--retry', '--dsn', dsnAt(port))).toMatchObject({
    exitCode: 0,
    stdout: 'Nothing waits to be sent.\n',
  });
  expect(eventsOf(server)).toEqual([id]);
});

test('what waits for another destination stays, and that is told; without a destination all of it is told', async () => {
  await using down = await startSentryServer(() => ({ status: 503 }));
  await using other = await startSentryServer();
  const { run } = newUser();
  const id = idIn((await run('--dsn', down.dsn(), '--yes')).stdout);
  const waits = `Still waits: event ${id}: it is meant for 127.0.0.1:${down.port}, project 42. Name that DSN: --dsn\n`;
  expect(await run('--retry', '--dsn', other.dsn())).toEqual({ exitCode: 75, stdout: waits, stderr: '' });
  expect(await run('--retry')).toEqual({ exitCode: 75, stdout: waits, stderr: '' });
  expect(other.received).toEqual([]);
});

test('what the server will never have is told once, and does not wait on', async () => {
  const steps: SentryStep[] = [{ status: 503 }, { status: 403 }];
  await using server = await startSentryServer(() => steps.shift());
  const { run } = newUser();
  const id = idIn((await run('--dsn', server.dsn(), '--yes')).stdout);
  const { exitCode, stdout } = await run('--retry', '--dsn', server.dsn(), '--format', 'json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    destination: `127.0.0.1:${server.port}, project 42`,
    outcomes: [{ kind: 'refused', eventId: id }],
    elsewhere: [],
  });
  expect(await run('--retry', '--dsn', server.dsn())).toMatchObject({ exitCode: 0 });
});

test('kill -9 in the middle of an upload loses nothing: --retry sends it under the same id', async () => {
  let step: SentryStep | undefined = 'hang';
  await using server = await startSentryServer(() => step);
  const { user, home } = newUser();
  const content = session(ROOT) + said('x'.repeat(100_000));
  put(home, rolloutPlace({ id: ROOT }), content);
  const options = { cwd: user, env: { HOME: user, STETHOS_SENTRY_DSN: server.dsn() } };
  const retry = (): Promise<Ended> => feedbackInProcess(['--retry'], options);
  let meanwhile: Promise<Ended> | undefined;
  const killWhileItSends = async (child: ChildProcess): Promise<void> => {
    await Promise.race([server.begun(1), once(child, 'exit')]);
    meanwhile = retry();
    await meanwhile.finally(() => child.kill('SIGKILL'));
  };
  const killed = await stethos(
    ['feedback', '--target', 'codex', '--home', home, '--yes', '--include', 'rollouts'],
    { ...options, onStart: (child) => void killWhileItSends(child) },
  );
  expect(killed.signal).toBe('SIGKILL');
  // As long as it lived, nobody else sent its report.
  expect(await meanwhile).toMatchObject({
    exitCode: 75,
    stdout: '1 report: another process is sending that now.\n',
  });
  rmSync(home, { recursive: true });

  step = undefined;
  const id = String(server.received[0]?.header['event_id']);
  expect(await retry()).toEqual({ exitCode: 0, stdout: `Sent as event ${id}.\n`, stderr: '' });
  expect(eventsOf(server)).toEqual([id]);
  const attached = server.accepted.flatMap(({ items }) => items).map(({ payload }) => payload.toString());
  expect(attached).toContain(content);
});
