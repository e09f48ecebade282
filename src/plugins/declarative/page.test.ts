import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { runChecks } from '../../doctor/runner.ts';
import type { CheckResult } from '../../doctor/report.ts';
import { declaredChecks } from './declared-checks.ts';

/* Every example of docs/declarative-checks.md, for real: in a place where all is well, and in one where nothing is. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/declarative-checks.md'), 'utf8');
const examples = [...page.matchAll(/^```toml\n([^]*?)^```$/gm)].map(([, text = '']) => text);

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/health+json' }).end('{"status": "pass"}');
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** The files that the examples speak of, and a program in place of openssl that finds its certificate valid. */
function wellPlace(): string {
  const place = temporaryHome({
    'bin/acme-vpn': '#!/bin/sh\n[ "$1 $2" = "status --quiet" ] && echo connected\n',
    'path/openssl': '#!/bin/sh\nexit 0\n',
    'path/git': '#!/bin/sh\necho git version 2.39.5\n',
    'secrets/agent-token': 'x'.repeat(40),
  });
  for (const program of ['bin/acme-vpn', 'path/openssl', 'path/git']) chmodSync(join(place, program), 0o755);
  chmodSync(join(place, 'secrets/agent-token'), 0o600);
  const database = new Database(join(place, 'queue.sqlite'));
  database.exec("CREATE TABLE jobs(state TEXT); INSERT INTO jobs VALUES ('stuck'), ('done')");
  database.close();
  return place;
}

/** Where everything is missing that should be there, and there what should be missing. */
function illPlace(): string {
  const place = temporaryHome({ 'config.local.toml': '' });
  mkdirSync(join(place, 'path'));
  return place;
}

async function examine(place: string, env: Record<string, string>, url: string): Promise<CheckResult[]> {
  const tables = examples.flatMap(
    (text) => parse(text.replaceAll('http://127.0.0.1:8080', url))['check'] as Record<string, unknown>[],
  );
  const { checks, faults } = declaredChecks(
    tables.map((table) => ({ table, from: place, source: { kind: 'user', where: 'stethos.toml' } })),
    { known: [] },
  );
  expect(faults).toEqual([]);
  const context = testContext({
    home: place,
    env: { HOME: place, PATH: join(place, 'path'), ...env },
    exec: true,
    offline: false,
  });
  const { results } = await runChecks(checks, context, {
    timeoutMs: 60_000,
    signal: new AbortController().signal,
  });
  return [...results];
}

const rows = (results: readonly CheckResult[]) =>
  Object.fromEntries(
    results.map(({ id, status, issues }) => [id, [status, issues[0]?.failureClass].join(' ')]),
  );

test('the page has an example of every kind', () => {
  const kinds = examples.flatMap((text) => [...text.matchAll(/^kind = "(\w+)"$/gm)].map(([, kind]) => kind));
  expect(new Set(kinds)).toEqual(new Set(['command', 'file', 'http', 'env', 'version', 'sqlite']));
});

test('where all is well, every example passes', async () => {
  const results = await examine(wellPlace(), { ACME_REGION: 'eu-1' }, address);
  expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(results).toHaveLength(9);
});

test('where nothing is, every example fails with its class, its severity and its remedy', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const results = await examine(illPlace(), { ACME_DEBUG: '1' }, `http://127.0.0.1:${port}`);
  expect(rows(results)).toEqual({
    'acme.vpn': 'warning missing',
    'acme.certificate': 'fail missing',
    'acme.token_file': 'fail missing',
    'acme.no_override': 'warning mismatch',
    'acme.gateway': 'fail refused',
    'acme.region': 'fail missing',
    'acme.no_debug': 'warning invalid_value',
    'acme.git': 'fail missing',
    'acme.queue': 'warning missing',
  });
  expect(results[0]?.issues[0]).toMatchObject({
    remedy: 'Run acme-vpn up, or work from the office.',
    docs: 'docs/declarative-checks.md',
  });
});

test('the page names every key, and no other', async () => {
  const { KEYS } = await import('./vocabulary.ts');
  const named = new Set(
    [...page.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []),
  );
  expect(named).toEqual(new Set(Object.values(KEYS).flat()));
});

test('the schema for editors is that of the program', async () => {
  const { z } = await import('zod');
  const { declaredCheckSchema } = await import('./vocabulary.ts');
  const schema = z.toJSONSchema(declaredCheckSchema, { io: 'input', target: 'draft-7' });
  const shipped = JSON.parse(readFileSync(join(import.meta.dirname, 'check.schema.json'), 'utf8')) as object;
  // Made by scripts/build-check-schema.ts.
  expect(shipped).toEqual({ ...JSON.parse(JSON.stringify(schema)), title: 'A declared check of stethos' });
});
