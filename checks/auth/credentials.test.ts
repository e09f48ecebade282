import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { chatgptLogin } from '../../fixtures/credentials.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { CredentialFacts } from '../../src/target/credentials/facts.ts';
import check from './credentials.ts';

const login = JSON.stringify(chatgptLogin());
const OWN = 'model_provider = "own"\n[model_providers.own]\nname = "Own"\nbase_url = "http://own/v1"\n';

interface Given {
  readonly agent?: 'codex' | 'stethos';
  readonly config?: string;
  readonly auth?: string | undefined;
  readonly env?: Record<string, string>;
  readonly dotenv?: string;
}

async function examine({ agent = 'codex', config = '', auth, env = {}, dotenv }: Given): Promise<Verdict> {
  const home = temporaryHome({
    'config.toml': config,
    ...(auth !== undefined && { 'auth.json': auth }),
    ...(dotenv !== undefined && { '.env': dotenv }),
  });
  return check.judge(await check.probe(testContext({ home, target: agent, env: { HOME: home, ...env } })));
}

const outcome = ({ kind, issues }: Verdict): unknown =>
  kind === 'judged'
    ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
    : kind;

describe('verdicts', () => {
  const incomplete = '{"auth_mode":"chatgpt"}';
  test.each<[string, Given, string]>([
    ['a complete login', { auth: login }, 'ok'],
    ['a stored key', { auth: '{"OPENAI_API_KEY":"k"}' }, 'ok'],
    ['nothing', {}, 'fail missing'],
    ['ephemeral storage', { config: 'cli_auth_credentials_store = "ephemeral"' }, 'fail missing'],
    ['OPENAI_API_KEY only', { env: { OPENAI_API_KEY: 'k' } }, 'fail missing'],
    ['CODEX_API_KEY only', { env: { CODEX_API_KEY: 'k' } }, 'ok'],
    ['CODEX_ACCESS_TOKEN only', { env: { CODEX_ACCESS_TOKEN: 't' } }, 'ok'],
    ['a login and OPENAI_API_KEY', { auth: login, env: { OPENAI_API_KEY: 'k' } }, 'ok'],
    [
      'a login and two variables',
      { auth: login, env: { OPENAI_API_KEY: 'k', CODEX_API_KEY: 'k' } },
      'warning ambiguous',
    ],
    ['incomplete', { auth: incomplete }, 'fail incomplete'],
    [
      'incomplete, covered by a variable',
      { auth: incomplete, env: { CODEX_API_KEY: 'k' } },
      'warning incomplete',
    ],
    [
      'incomplete, OPENAI_API_KEY covers nothing',
      { auth: incomplete, env: { OPENAI_API_KEY: 'k' } },
      'fail incomplete',
    ],
    ['malformed', { auth: '{' }, 'fail malformed'],
    ['malformed, not needed', { auth: '{', config: OWN }, 'warning malformed'],
    ['env_key missing', { auth: login, config: `${OWN}env_key = "OWN_KEY"` }, 'fail missing'],
    ['env_key blank', { config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: ' ' } }, 'fail missing'],
    ['env_key set', { config: `${OWN}env_key = "OWN_KEY"`, env: { OWN_KEY: 'k' } }, 'ok'],
    ['env_key in .env', { config: `${OWN}env_key = "OWN_KEY"`, dotenv: 'OWN_KEY=k' }, 'ok'],
    ['no env_key', { config: OWN }, 'ok'],
    ['a local model', { config: 'model_provider = "ollama"' }, 'ok'],
    ['another method is forced', { auth: login, config: 'forced_login_method = "api"' }, 'fail mismatch'],
    [
      'another workspace is forced',
      { auth: login, config: 'forced_chatgpt_workspace_id = "other"' },
      'fail mismatch',
    ],
    [
      'a variable of another method',
      { auth: login, env: { CODEX_API_KEY: 'k' }, config: 'forced_login_method = "chatgpt"' },
      'warning mismatch',
    ],
    ['Bedrock key for OpenAI', { auth: '{"bedrock_api_key":{"api_key":"k","region":"r"}}' }, 'fail mismatch'],
    [
      'Bedrock key for Bedrock',
      {
        auth: '{"bedrock_api_key":{"api_key":"k","region":"r"}}',
        config: 'model_provider = "amazon-bedrock"',
      },
      'ok',
    ],
    ['Bedrock without anything', { config: 'model_provider = "amazon-bedrock"' }, 'warning missing'],
    [
      'Bedrock token without region',
      { config: 'model_provider = "amazon-bedrock"', env: { AWS_BEARER_TOKEN_BEDROCK: 'k' } },
      'fail missing',
    ],
    [
      'Bedrock token with region',
      {
        config: 'model_provider = "amazon-bedrock"',
        env: { AWS_BEARER_TOKEN_BEDROCK: 'k', AWS_REGION: 'r' },
      },
      'ok',
    ],
    [
      'Bedrock token with a region that is not meant for it (DECISIONS 10)',
      {
        agent: 'stethos',
        config: 'model_provider = "amazon-bedrock"',
        env: { AWS_BEARER_TOKEN_BEDROCK: 'k', AWS_REGION: 'r' },
      },
      'fail missing',
    ],
    [
      'Bedrock token with a configured region',
      {
        agent: 'stethos',
        config: 'model_provider = "amazon-bedrock"\n[model_providers.amazon-bedrock.aws]\nregion = "r"',
        env: { AWS_BEARER_TOKEN_BEDROCK: 'k' },
      },
      'ok',
    ],
    [
      'keyring storage with a file left',
      {
        auth: login,
        config: 'cli_auth_credentials_store = "keyring"',
        env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' },
      },
      'warning ambiguous',
    ],
    ['an unknown provider', { auth: login, config: 'model_provider = "nope"' }, 'skipped'],
    ['a broken configuration and nothing stored', { config: 'model = ' }, 'skipped'],
    ['a wrong value elsewhere in the configuration', { config: 'model = 5' }, 'fail missing'],
    ['a broken configuration and a login', { config: 'model = ', auth: login }, 'ok'],
    ['a broken configuration and a broken login', { config: 'model = ', auth: '{' }, 'fail malformed'],
  ])('%s', async (_name, given, expected) => expect(outcome(await examine(given))).toBe(expected));
});

test('every non-ok verdict carries a remedy, names its cause in the summary and hides every value', async () => {
  const verdict = await examine({
    auth: '{"OPENAI_API_KEY":"hush"',
    env: { OPENAI_API_KEY: 'hush', CODEX_API_KEY: 'hush' },
  });
  expect(verdict.issues.every(({ remedy, measured }) => remedy && measured)).toBe(true);
  expect(JSON.stringify(verdict)).not.toContain('hush');
});

test('the missing variable is named, and the instructions of its provider are the remedy', async () => {
  const { issues, details } = await examine({
    config: `${OWN}env_key = "OWN_KEY"\nenv_key_instructions = "Ask the team."`,
  });
  expect(issues[0]).toMatchObject({ cause: expect.stringContaining('OWN_KEY'), remedy: 'Ask the team.' });
  expect(details['provider auth env var']).toBe('OWN_KEY (missing)');
});

test('OPENAI_API_KEY alone is offered the command that stores it', async () => {
  const { issues } = await examine({ env: { OPENAI_API_KEY: 'k' } });
  expect(issues[0]?.command).toMatch(
    /^printenv OPENAI_API_KEY \| CODEX_HOME=\/\S+ codex login --with-api-key$/,
  );
});

describe('promoted notes', () => {
  test.each<[string, Given, unknown[]]>([
    ['a login alone', { auth: login }, []],
    [
      'a login and an ignored key',
      { auth: login, env: { OPENAI_API_KEY: 'k' } },
      [expect.stringMatching(/OPENAI_API_KEY is set; codex exec uses the login$/)],
    ],
    [
      'a login and a key in effect',
      { auth: login, env: { CODEX_API_KEY: 'k' } },
      [expect.stringMatching(/uses CODEX_API_KEY; interactive sessions use the login$/)],
    ],
    [
      'a key for unattended runs',
      { env: { CODEX_API_KEY: 'k' } },
      [expect.stringMatching(/serves codex exec only/)],
    ],
    ['a provider of its own', { auth: login, config: OWN, env: { OPENAI_API_KEY: 'k' } }, []],
  ])('%s', async (_name, given, expected) => {
    const { notes } = await examine(given);
    expect(notes.map(({ text }) => text)).toEqual(expected);
  });
});

const examineHome = async (
  home: string,
  env: Record<string, string>,
  source: '--home' | 'default',
): Promise<Verdict> => {
  const context = testContext({ home, env });
  return check.judge(
    await check.probe({
      ...context,
      target: { ...context.target, home: { ...context.target.home, source } },
    }),
  );
};

describe('a home that is not there', () => {
  test('is not set up yet when nobody asked for it', async () => {
    const missing = join(temporaryHome(), 'missing');
    expect((await examineHome(missing, {}, 'default')).kind).toBe('idle');
    expect(outcome(await examineHome(missing, { OPENAI_API_KEY: 'k' }, 'default'))).toBe('fail missing');
    expect(outcome(await examineHome(missing, { CODEX_API_KEY: 'k' }, 'default'))).toBe('ok');
    expect(await examineHome(missing, {}, '--home')).toMatchObject({ skippedBecause: 'state.paths' });
    expect(await examineHome(missing, { OPENAI_API_KEY: 'k' }, '--home')).toMatchObject({
      skippedBecause: 'state.paths',
    });
    expect(outcome(await examineHome(missing, { CODEX_API_KEY: 'k' }, '--home'))).toBe('ok');
  });

  test('or is a file, is told by another check', async () => {
    const file = join(temporaryHome({ file: '' }), 'file');
    expect(await examineHome(file, {}, '--home')).toMatchObject({ skippedBecause: 'state.paths' });
  });
});

describe('the state of the file', () => {
  test.each<[string, (path: string) => void, string]>([
    ['directory', (path) => mkdirSync(path), 'fail wrong_type'],
    ['not UTF-8', (path) => writeFileSync(path, Buffer.from([0xff])), 'fail malformed'],
  ])('%s', async (_name, plant, expected) => {
    const path = temporaryHome();
    plant(join(path, 'auth.json'));
    expect(outcome(check.judge(await check.probe(testContext({ home: path }))))).toBe(expected);
  });

  test.each<[CredentialFacts['file'], string]>([
    [{ kind: 'denied', code: 'EACCES' }, 'fail permissions'],
    [{ kind: 'failed', code: 'EIO' }, 'fail unreadable'],
    [{ kind: 'dangling' }, 'fail missing'],
    [{ kind: 'loop' }, 'fail wrong_type'],
    [{ kind: 'too_large' }, 'fail malformed'],
  ])('%j', async (file, expected) => {
    const seen = await check.probe(testContext({ home: temporaryHome() }));
    expect(outcome(check.judge({ ...seen, credentials: { ...seen.credentials, file } }))).toBe(expected);
  });

  test('a FIFO stops the agent even when a variable is in effect', async () => {
    const seen = await check.probe(testContext({ home: temporaryHome(), env: { CODEX_API_KEY: 'k' } }));
    const file = { kind: 'wrong_type', type: 'fifo' } as const;
    expect(outcome(check.judge({ ...seen, credentials: { ...seen.credentials, file } }))).toBe(
      'fail wrong_type',
    );
  });
});

test('a keyring that cannot answer is told apart from one that is only not opened', async () => {
  const seen = await check.probe(testContext({ home: temporaryHome() }));
  const judge = (unreachable: string | undefined): Verdict =>
    check.judge({
      ...seen,
      credentials: {
        ...seen.credentials,
        storage: 'keyring',
        effective: { kind: 'keyring' },
        keyring: { service: 'Codex Auth', account: 'cli|0', unreachable, mayBeLocked: undefined },
      },
    });
  expect(outcome(judge('no bus'))).toBe('fail unreadable');
  expect(judge(undefined)).toMatchObject({ issues: [], notes: [{ kind: 'info' }] });
});

test('a home that may not be entered is the fault of state.paths', async () => {
  const context = testContext({ home: temporaryHome() });
  const files: typeof context.files = {
    ...context.files,
    look: (path) => (path.endsWith('/.') ? { kind: 'denied', code: 'EACCES' } : context.files.look(path)),
  };
  const verdict = check.judge(await check.probe({ ...context, files }));
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths', issues: [] });
});
