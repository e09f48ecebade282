import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { codexPackage, plantTree } from '../../fixtures/install.ts';
import { createAuthority } from '../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../fixtures/lab/fault-proxy.ts';
import { startFaultServer } from '../../fixtures/lab/fault-server.ts';
import type { Step } from '../../fixtures/lab/fault-server.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import status from './status.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

/** A machine with codex 0.169.0, whose agent last looked for updates as `cache` says. */
async function examine(home: string): Promise<Verdict> {
  const root = plantTree({
    ...codexPackage('lib/node_modules'),
    'bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
  });
  const context = testContext({ home, env: { PATH: join(root, 'bin'), HOME: root } });
  return status.judge(await status.probe({ ...context, clock: { now: () => NOW, elapsed: () => 0 } }));
}

const withCache = (cache: string | Uint8Array, config = ''): Promise<Verdict> =>
  examine(temporaryHome({ 'version.json': cache, 'config.toml': config }));

const cacheOf = (latest: string, more: object = {}): string =>
  JSON.stringify({ latest_version: latest, last_checked_at: '2026-11-20T10:30:00Z', ...more });

test.each<[string, string, string, string[]]>([
  ['a newer release', cacheOf('0.170.0'), '', ['0.170.0 available (current 0.169.0)']],
  [
    'another version dismissed',
    cacheOf('0.170.0', { dismissed_version: '0.168.0' }),
    '',
    ['0.170.0 available (current 0.169.0, dismissed 0.168.0)'],
  ],
  ['this version dismissed', cacheOf('0.170.0', { dismissed_version: '0.170.0' }), '', []],
  [
    'never dismissed',
    cacheOf('0.170.0', { dismissed_version: null }),
    '',
    ['0.170.0 available (current 0.169.0)'],
  ],
  ['the look-up switched off', cacheOf('0.170.0'), 'check_for_update_on_startup = false', []],
  ['the same release', cacheOf('0.169.0'), '', []],
  ['an older release', cacheOf('0.20.0'), '', []],
  ['a pre-release', cacheOf('0.171.0-alpha.1'), '', []],
])('%s', async (_name, cache, config, notes) => {
  const verdict = await withCache(cache, config);
  expect(verdict.issues).toEqual([]);
  expect(verdict.notes.map(({ text }) => text)).toEqual(notes);
});

test('names what it compared', async () => {
  const { details } = await withCache(cacheOf('0.170.0'));
  expect(details).toMatchObject({
    'check for update on startup': true,
    'update action': 'npm install --global @openai/codex@latest',
    'current version': '0.169.0',
    'cached latest version': '0.170.0',
    'last checked at': '2026-11-20T10:30:00Z',
    'cache age hours': 1,
    'latest version status': 'newer version is available',
  });
});

test('a look-up in the future has no age and is no fault', async () => {
  const verdict = await withCache(cacheOf('0.169.0', { last_checked_at: '2027-01-01T00:00:00.123456789Z' }));
  expect(verdict.issues).toEqual([]);
  expect(verdict.details).not.toHaveProperty('cache age hours');
});

test('a home without a cache is in order', async () => {
  const verdict = await examine(temporaryHome());
  expect(verdict).toMatchObject({ issues: [], notes: [], details: { 'version cache state': 'missing' } });
});

test.each<[string, string | Uint8Array, RegExp]>([
  ['cut off', '{"latest_version": "0.1', /not valid JSON/],
  ['empty', '', /is empty/],
  ['not an object', '["0.170.0"]', /no JSON object/],
  ['not text', Uint8Array.of(0xff, 0xfe, 0x00), /not UTF-8/],
  ['too large', `{"latest_version": "${'9'.repeat(70_000)}"}`, /larger than/],
  [
    'a version of a wrong type',
    cacheOf('0.170.0', { latest_version: 170 }),
    /latest_version is not a version/,
  ],
  ['a version that is none', cacheOf('newest'), /latest_version is not a version/],
  [
    'a time that is none',
    cacheOf('0.170.0', { last_checked_at: 'yesterday' }),
    /last_checked_at is not an RFC 3339 time/,
  ],
  [
    'a dismissed version of a wrong type',
    cacheOf('0.170.0', { dismissed_version: true }),
    /dismissed_version is not a version/,
  ],
  [
    'a version only inherited',
    '{"__proto__": {"latest_version": "9.9.9"}, "last_checked_at": "2026-11-20T10:30:00Z"}',
    /latest_version is absent/,
  ],
])('a cache that is malformed: %s', async (_name, cache, cause) => {
  const [issue, ...others] = (await withCache(cache)).issues;
  expect(others).toEqual([]);
  expect(issue).toMatchObject({ severity: 'warning', failure: { class: 'malformed' } });
  expect(issue?.cause).toMatch(cause);
});

test.each<[string, (path: string) => void, string]>([
  ['a folder', (path) => mkdirSync(path), 'wrong_type'],
  ['a dangling link', (path) => symlinkSync('nowhere', path), 'stale'],
  ['a looping link', (path) => symlinkSync('version.json', path), 'stale'],
])('%s in place of the cache', async (_name, place, failureClass) => {
  const home = temporaryHome();
  place(join(home, 'version.json'));
  const { issues } = await examine(home);
  expect(issues.map(({ failure }) => failure?.class)).toEqual([failureClass]);
});

test.each([
  ['denied', 'permissions'],
  ['failed', 'unreadable'],
] as const)('a cache whose reading is %s', async (kind, failureClass) => {
  const context = testContext({ home: temporaryHome() });
  const files = { ...context.files, readText: () => ({ kind, code: 'EIO' }) };
  const { issues } = status.judge(await status.probe({ ...context, files }));
  expect(issues.map(({ failure }) => failure?.class)).toEqual([failureClass]);
});

test('no JSON value makes it crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (text) => {
      const context = testContext({ home: '/nonexistent' });
      const facts = context.files.look('/');
      if (facts.kind !== 'found') throw new Error('no root directory');
      const read = { kind: 'read', text, facts, truncated: false, validUtf8: true } as const;
      const seen = await status.probe({ ...context, files: { ...context.files, readText: () => read } });
      expect(status.judge(seen).issues.every(({ failure }) => failure?.class === 'malformed')).toBe(true);
    }),
  );
});

test('a home out of reach is the fault of state.paths, not of what lies in it', async () => {
  const home = join(temporaryHome(), 'loop');
  symlinkSync('loop', home);
  expect(await examine(home)).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths', issues: [] });
});

const release = (code: number, body: string): Step => ({
  answer: { status: code, body, headers: { 'content-type': 'application/json' } },
});

/** The publisher's name leads to a server on this machine, by way of a proxy. */
async function ask(
  step: Step,
  options: { readonly config?: string; readonly offline?: boolean; readonly home?: string } = {},
) {
  const authority = await createAuthority();
  const identity = await authority.issue({ hosts: ['api.github.com'] });
  await using github = await startFaultServer({ '*': step }, { tls: { identity } });
  await using proxy = await startFaultProxy({
    hosts: { 'api.github.com:443': `127.0.0.1:${github.port}` },
  });
  const root = plantTree({
    ...codexPackage('lib/node_modules'),
    'bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
  });
  const home = temporaryHome({
    'version.json': cacheOf('0.169.0'),
    'config.toml': options.config ?? '',
    'ca.pem': authority.certificate,
  });
  const env = {
    PATH: join(root, 'bin'),
    HOME: root,
    HTTPS_PROXY: proxy.url,
    CODEX_CA_CERTIFICATE: join(home, 'ca.pem'),
  };
  const verdict = status.judge(await status.probe(testContext({ env, home, offline: false, ...options })));
  return { verdict, requests: github.requests.map(({ method, url }) => `${method} ${url}`) };
}

describe('the newest version as its publisher tells it', () => {
  test('is asked for, and counts for more than what the agent remembers', async () => {
    const { verdict, requests } = await ask(release(200, '{"tag_name":"rust-v0.171.0","assets":[]}'));
    expect(requests).toEqual(['GET /repos/openai/codex/releases/latest']);
    expect(verdict.notes.map(({ text }) => text)).toEqual(['0.171.0 available (current 0.169.0)']);
    expect(verdict.details).toMatchObject({
      'latest version': '0.171.0',
      'latest version probe': 'api.github.com answered',
      'cached latest version': '0.169.0',
    });
  });

  test.each<[string, Step, RegExp]>([
    ['limits the rate', release(403, '{"message":"API rate limit exceeded"}'), /http_forbidden/],
    ['is ill', release(503, ''), /http_server_error/],
    ['hangs up', 'end', /closed/],
    ['says something else', release(200, '{"tag_name":"nightly"}'), /names no version/],
    ['shows a page', release(200, '<html>'), /intercepted/],
  ])('cannot be had when it %s, and that is no alarm', async (_name, step, reason) => {
    const { verdict } = await ask(step);
    expect(verdict.issues).toEqual([]);
    expect(verdict.summary).toMatch(reason);
    expect(verdict.details['latest version probe']).toMatch(reason);
  });

  test.each([
    ['the user has switched that off', { config: 'check_for_update_on_startup = false' }, 'switched off'],
    ['the setting cannot be read', { config: 'model = "gpt-5' }, 'unknown setting'],
    ['the setting is no setting', { config: 'check_for_update_on_startup = "no"' }, 'unknown setting'],
    ['the home is no folder', { home: '/dev/null' }, 'unknown setting'],
    ['the run is offline', { offline: true }, '--offline'],
  ])('is not asked for when %s', async (_name, options, because) => {
    const { verdict, requests } = await ask(release(200, '{}'), options);
    expect(requests).toEqual([]);
    expect(verdict.details['latest version probe']).toBe(`not asked: ${because}`);
  });
});
