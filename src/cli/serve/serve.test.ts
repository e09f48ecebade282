import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos, WARM_START } from '../../../fixtures/run.ts';
import { schemaErrors } from '../../../fixtures/schema.ts';
import { UsageError } from '../usage-error.ts';
import { newParser } from '../command-line.ts';
import { readListenAddress } from './address.ts';
import { readServeArguments } from './arguments.ts';
import { buildServeOptions, serveOptions } from './options.ts';

/* The command as a process, which examines a real home by the real doctor. */

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Waits until standard error says it. */
  readonly said: (words: RegExp) => Promise<void>;
  readonly ended: Promise<unknown[]>;
}

async function serve(files: Record<string, string>, ...args: string[]): Promise<Served> {
  const home = temporaryHome({ '.codex/config.toml': '', ...files });
  const child = spawn(
    process.execPath,
    [await builtLauncher(), 'serve', '--listen', '127.0.0.1:0', '--offline', '--only', 'config.*', ...args],
    {
      cwd: home,
      env: { ...WARM_START, HOME: home, PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const said = async (words: RegExp): Promise<void> => {
    while (!words.test(stderr)) {
      if (child.exitCode !== null) throw new Error(`ended: ${stderr}`);
      await Promise.race([once(child.stderr ?? child, 'data'), ended]);
    }
  };
  await said(/listening at \S+/);
  return { url: /http:\S+/.exec(stderr)?.[0] ?? '', child, stderr: () => stderr, said, ended };
}

async function get(url: string): Promise<{ status: number; body: string }> {
  const { statusCode, body } = await request(url);
  return { status: statusCode, body: await body.text() };
}

describe('stethos serve', () => {
  test('tells of a home that is well, and of one that is not, until SIGTERM', async () => {
    const [well, ill] = await Promise.all([
      serve({}),
      serve({ '.codex/config.toml': 'model = [' }, '--skip', 'config.keys'),
    ]);
    await Promise.all([
      well.said(/^stethos: ready: /m),
      ill.said(/^stethos: not ready: fail \(config.load fail\)$/m),
    ]);
    expect((await get(`${well.url}/healthz`)).status).toBe(200);
    expect((await get(`${well.url}/readyz`)).status).toBe(200);
    const readiness = await get(`${ill.url}/readyz`);
    expect(readiness.status).toBe(503);
    expect(JSON.parse(readiness.body)).toMatchObject({
      status: 'fail',
      output: expect.stringContaining('config.load'),
    });
    const metrics = await get(`${ill.url}/metrics`);
    expect(metrics.body).toMatch(/^stethos_doctor_check_status\{.*check="config.load",status="fail".*\} 1$/m);
    expect(metrics.body).toContain('stethos_serve_runs_total{outcome="finished"} 1\n');
    const report = JSON.parse((await get(`${ill.url}/report.json`)).body) as object;
    expect(schemaErrors(report)).toEqual([]);
    well.child.kill('SIGTERM');
    ill.child.kill('SIGINT');
    expect((await well.ended)[0]).toBe(0);
    expect((await ill.ended)[0]).toBe(130);
    expect(well.stderr().trim().split('\n')).toHaveLength(2);
  });

  test('a thousand requests at once are answered by one examination, and an end during one is no wait', async () => {
    const { url, said, child, ended } = await serve({}, '--every', '1h');
    await said(/ready: /);
    const client = new Agent({ connections: 1_000, pipelining: 1 });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const { statusCode, body } = await request(`${url}/readyz`, { dispatcher: client });
        await body.dump();
        return statusCode;
      }),
    );
    await client.destroy();
    expect(new Set(answers)).toEqual(new Set([200]));
    const { body } = await get(`${url}/metrics`);
    expect(body).toContain('stethos_serve_runs_total{outcome="finished"} 1\n');
    expect(body).toContain('stethos_serve_requests_total{path="/readyz",status="200"} 1000\n');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  test('what the doctor does not take is said once, and ends it', async () => {
    const home = temporaryHome();
    const { exitCode, stderr } = await stethos(['serve', '--listen', '0', '--only', 'config.laod'], {
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      cwd: home,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('No check is called config.laod');
  });

  test('a port that is taken', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await stethos(['serve', '--listen', `127.0.0.1:${port}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port} cannot be listened at (EADDRINUSE). Another place: --listen`);
  });
});

describe('--listen', () => {
  test.each([
    ['127.0.0.1:9465', '127.0.0.1', 9_465],
    ['localhost:0', 'localhost', 0],
    ['[::1]:80', '::1', 80],
    ['8080', '127.0.0.1', 8_080],
  ])('%s', (text, host, port) => {
    expect(readListenAddress(text, { expose: false })).toEqual({ host, port, isLoopback: true });
  });

  test.each(['', ':80', 'host', '127.0.0.1:', '127.0.0.1:65536', '::1:80', '127.0.0.1:-1', '1:2:3'])(
    '%s is none',
    (text) => expect(() => readListenAddress(text, { expose: true })).toThrow(UsageError),
  );

  test.each(['0.0.0.0:9465', '[::]:9465', '10.0.0.1:1', '127.0.0.1.example:1', 'localhost.example:1'])(
    '%s takes --expose',
    (text) => {
      expect(() => readListenAddress(text, { expose: false })).toThrow(/could read the report/);
      expect(readListenAddress(text, { expose: true }).isLoopback).toBe(false);
    },
  );
});

/** The command lines of docs/serve.md, however they are written there. */
const documented = [
  ...readFileSync(join(import.meta.dirname, '../../../docs/serve.md'), 'utf8').matchAll(
    /(?:stethos serve|"stethos", "serve")((?:[ ,"]+(?:--)?[\w.:-]+)*)/g,
  ),
]
  .map(([, words = '']) => words.split(/[ ,"]+/).filter((word) => word !== ''))
  .filter((words) => words[0]?.startsWith('--') && !words.includes('--help'));

test('the page has command lines', () => expect(documented.length).toBeGreaterThanOrEqual(3));

test.each(documented.map((words) => [words.join(' '), words] as const))(
  'docs/serve.md: stethos serve %s',
  (_, words) => {
    const args = buildServeOptions(newParser(words, 'stethos serve', serveOptions)).parseSync();
    expect(readServeArguments(args).doctor.slice(0, 3)).toEqual(['doctor', '--format', 'json']);
  },
);
