import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import check from './env.ts';

interface Given {
  readonly agent?: 'codex' | 'stethos';
  readonly env?: Record<string, string>;
  readonly config?: string;
  readonly dotenv?: string | Uint8Array;
}

async function examine({ agent = 'codex', env = {}, config = '', dotenv }: Given): Promise<Verdict> {
  const home = temporaryHome({ 'config.toml': config, ...(dotenv !== undefined && { '.env': dotenv }) });
  return check.judge(await check.probe(testContext({ home, target: agent, cwd: home, env })));
}

const outcome = ({ issues }: Verdict): string =>
  issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok';

const PROXY = 'http://user:hush@proxy:3128';
const LOCAL = 'model_provider = "ollama"';
const BOX = 'openai_base_url = "https://10.1.2.3/v1"';

describe('proxies', () => {
  test.each<[string, Given, string]>([
    ['nothing', {}, 'ok'],
    ['one for https', { env: { HTTPS_PROXY: PROXY } }, 'ok'],
    [
      'all of them, in both spellings',
      {
        env: {
          HTTP_PROXY: PROXY,
          http_proxy: PROXY,
          HTTPS_PROXY: PROXY,
          https_proxy: PROXY,
          NO_PROXY: 'localhost',
          no_proxy: 'localhost',
        },
      },
      'ok',
    ],
    ['without scheme', { env: { HTTPS_PROXY: 'proxy:3128' } }, 'warning invalid_value'],
    ['not a URL', { env: { HTTPS_PROXY: 'http://' } }, 'warning invalid_value'],
    ['another scheme', { env: { ALL_PROXY: 'ftp://proxy' } }, 'warning invalid_value'],
    [
      'two spellings disagree',
      { env: { HTTPS_PROXY: PROXY, https_proxy: 'http://other' } },
      'warning ambiguous',
    ],
    ['an empty one hides the other', { env: { HTTPS_PROXY: '', https_proxy: PROXY } }, 'warning ambiguous'],
    [
      'exceptions disagree',
      { env: { HTTPS_PROXY: PROXY, NO_PROXY: 'a', no_proxy: 'b' } },
      'warning ambiguous',
    ],
    [
      'SOCKS, which the HTTP client does not speak',
      { env: { ALL_PROXY: 'socks5://proxy' } },
      'warning invalid_value',
    ],
    ['for http only', { env: { HTTP_PROXY: PROXY } }, 'warning mismatch'],
    [
      'an exception that one client reads',
      { env: { HTTPS_PROXY: PROXY, NO_PROXY: 'api.openai.com:443' } },
      'warning mismatch',
    ],
    [
      'a range that one client reads',
      { env: { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, config: BOX },
      'warning mismatch',
    ],
    ['a wildcard that neither reads', { env: { HTTPS_PROXY: PROXY, NO_PROXY: '*.openai.com' } }, 'ok'],
    ['a local model through a proxy', { env: { HTTP_PROXY: PROXY }, config: LOCAL }, 'warning mismatch'],
    ['a local model past it', { env: { HTTP_PROXY: PROXY, NO_PROXY: 'localhost' }, config: LOCAL }, 'ok'],
  ])('%s', async (_name, given, expected) => {
    const verdict = await examine(given);
    expect(outcome(verdict)).toBe(expected);
    expect(JSON.stringify(verdict)).not.toContain('hush');
  });

  test('origin, credentials and the way of each address are told, values are not', async () => {
    const { details } = await examine({
      env: { HTTPS_PROXY: PROXY, NO_PROXY: 'internal.example' },
      dotenv: 'HTTPS_PROXY=http://other:1\n',
    });
    expect(details).toMatchObject({
      'proxy env vars': ['HTTPS_PROXY', 'NO_PROXY'],
      HTTPS_PROXY: 'http proxy, without credentials (.env (replaces the value of the shell))',
      'proxy for inference': 'HTTPS_PROXY',
      'proxy for websocket': 'HTTPS_PROXY',
    });
    expect(JSON.stringify(details)).not.toMatch(/internal|other:1/);
  });
});

describe('the .env file of the home', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['in order', 'A=1\n', 'ok'],
    ['lines that the agent skips', 'A B\nC=d e\n', 'warning malformed'],
    ['names that the agent ignores', 'CODEX_API_KEY=hush\n', 'warning unknown_key'],
    ['not UTF-8 in a comment', Buffer.from([0x23, 0xff, 0x0a]), 'ok'],
    ['huge', 'A=1\n'.repeat(300_000), 'warning malformed'],
  ])('%s', async (_name, dotenv, expected) => {
    const verdict = await examine({ dotenv });
    expect(outcome(verdict)).toBe(expected);
    expect(JSON.stringify(verdict)).not.toContain('hush');
  });

  test.each([
    ['directory', 'wrong_type'],
    ['fifo', 'wrong_type'],
    ['denied', 'permissions'],
    ['failed', 'unreadable'],
    ['dangling', 'missing'],
  ])('%s', async (state, failureClass) => {
    const seen = await check.probe(testContext({ home: temporaryHome() }));
    const dotenv = { path: '/home/.env', file: { kind: 'unusable' as const, state } };
    const verdict = check.judge({ ...seen, dotenv });
    expect(outcome(verdict)).toBe(`warning ${failureClass}`);
    expect(verdict.issues[0]?.remedy.includes('right to read')).toBe(state === 'denied');
  });
});

test.each([
  ['openai_base_url = "hush"', 'fail invalid_value'],
  ['openai_base_url = "ftp://hush/v1"', 'fail invalid_value'],
  ['openai_base_url = "https://box/v1"', 'ok'],
])('the address in %s', async (config, expected) => {
  const verdict = await examine({ config });
  expect(outcome(verdict)).toBe(expected);
  expect(JSON.stringify(verdict)).not.toContain('hush');
});

test.each([
  ['https://box/v1?api-version=1', 'query_params'],
  ['https://box/v1#frag', 'remove the #'],
  ['https://box/v1 ', 'white space'],
])('a base URL from which requests go astray: %s', async (url, remedy) => {
  const verdict = await examine({ config: `openai_base_url = "${url}"` });
  expect(outcome(verdict)).toBe('warning invalid_value');
  expect(verdict.issues[0]?.cause).toContain('openai_base_url');
  expect(verdict.issues[0]?.remedy).toContain(remedy);
});

test.each<[string, string, string]>([
  ['a line break in it', String.raw`X-Key = "hush\n"`, 'leaves the header X-Key out'],
  ['a name that is none', '"bad name" = "hush"', 'leaves the header bad name out'],
  [
    'letters of its own',
    'X-Key = "hüsh hush"',
    'WebSocket client of Codex fails because of the header X-Key',
  ],
])('a configured header with %s', async (_name, header, cause) => {
  const verdict = await examine({
    config: `model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "https://own/v1"
http_headers = { ${header} }`,
  });
  expect(outcome(verdict)).toBe('warning invalid_value');
  expect(verdict.issues[0]?.cause).toContain(cause);
  expect(verdict.issues[0]?.remedy).toContain('model_providers.own.http_headers');
  expect(JSON.stringify(verdict)).not.toContain('hush');
});

describe('OPENAI_BASE_URL', () => {
  const env = { OPENAI_BASE_URL: 'https://hush.example/v1' };
  test.each<[string, Given, string]>([
    ['is pointed out', { env }, 'warning unknown_key'],
    ['is replaced', { env, config: BOX }, 'ok'],
    ['concerns no other provider', { env, config: LOCAL }, 'ok'],
    ['is blank', { env: { OPENAI_BASE_URL: ' ' } }, 'ok'],
  ])('%s', async (_name, given, expected) => {
    const verdict = await examine(given);
    expect(outcome(verdict)).toBe(expected);
    expect(JSON.stringify(verdict)).not.toContain('hush');
  });

  // codex gave it up; the embedded core still goes by it.
  test.each<[Given, string, RegExp, RegExp]>([
    [{ env }, 'set, not read (shell)', /does not go by it/, /or unset/],
    [
      { agent: 'stethos', env },
      'set, read for want of openai_base_url (shell)',
      /decides .* deprecated/,
      /and unset/,
    ],
  ])('what it is to the agent: %j', async (given, detail, cause, remedy) => {
    const { details, issues } = await examine(given);
    expect(details['OPENAI_BASE_URL']).toBe(detail);
    expect(issues).toMatchObject([
      { cause: expect.stringMatching(cause) as string, remedy: expect.stringMatching(remedy) as string },
    ]);
  });

  test('where it is replaced, the embedded core does not read it either', async () => {
    const { details, issues } = await examine({ agent: 'stethos', env, config: BOX });
    expect(details['OPENAI_BASE_URL']).toBe('set, not read (shell)');
    expect(issues).toEqual([]);
  });
});

test('a home out of reach is the fault of state.paths, not of what lies in it', async () => {
  const home = join(temporaryHome(), 'loop');
  symlinkSync('loop', home);
  const context = testContext({ home, cwd: '/', env: { HTTPS_PROXY: 'proxy:3128' } });
  expect(outcome(check.judge(await check.probe(context)))).toBe('warning invalid_value');
});

test.each<[string, Given, string, string]>([
  ['HTTPS_PROXY', { env: { HTTPS_PROXY: 'proxy:3128' } }, 'HTTPS_PROXY', 'shell'],
  ['HTTPS_PROXY in .env', { dotenv: 'HTTPS_PROXY=proxy:3128\n' }, 'HTTPS_PROXY', '.env'],
])('where to correct %s is said', async (_name, given, variable, origin) => {
  const [issue] = (await examine(given)).issues;
  expect(issue?.remedy).toContain(variable);
  expect(issue?.remedy.includes('/.env')).toBe(origin === '.env');
});
