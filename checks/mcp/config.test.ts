import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import check from './config.ts';

interface Given {
  readonly config: string;
  readonly env?: Record<string, string>;
  readonly dotenv?: string;
}

/** A home with a folder `tools` on the search path that holds `tool`, and `text` that cannot be run. */
async function examine({ config, env = {}, dotenv }: Given): Promise<Verdict> {
  const home = temporaryHome({
    'tools/tool': '',
    'tools/text': '',
    'config.toml': config,
    ...(dotenv !== undefined && { '.env': dotenv }),
  });
  chmodSync(join(home, 'tools/tool'), 0o755);
  chmodSync(join(home, 'tools/text'), 0o644);
  symlinkSync('nowhere', join(home, 'tools/dangling'));
  mkdirSync(join(home, 'tools/folder'));
  const context = testContext({ home, cwd: home, env: { PATH: join(home, 'tools'), ...env } });
  return check.judge(await check.probe(context));
}

const outcome = ({ kind, issues }: Verdict): string =>
  kind === 'judged'
    ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
    : kind;

// The cases were run against `codex mcp list` and `codex doctor` of 0.169.
describe('one optional server', () => {
  test.each<[string, string, string]>([
    ['a bare command', 'command = "tool"', 'ok'],
    ['an absolute command', 'command = "/bin/sh"', 'ok'],
    ['relative to the working folder', 'command = "./tool"\ncwd = "tools"', 'ok'],
    ['relative to the process', 'command = "tools/tool"', 'ok'],
    ['its own PATH', 'command = "sh"\nenv = { PATH = "/bin" }', 'ok'],
    ['its own PATH, without it', 'command = "tool"\nenv = { PATH = "/nowhere" }', 'warning missing'],
    ['not on PATH', 'command = "none"', 'warning missing'],
    ['an absolute command that is not there', 'command = "/nowhere/none"', 'warning missing'],
    ['a folder', 'command = "./tools/folder"', 'warning wrong_type'],
    ['not executable', 'command = "text"', 'warning permissions'],
    ['a dangling link', 'command = "dangling"', 'warning missing'],
    ['a home that nobody expands', 'command = "~/tool"', 'warning missing'],
    ['an empty command', 'command = " "', 'warning invalid_value'],
    ['a working folder that is not there', 'command = "tool"\ncwd = "/nowhere"', 'warning missing'],
    ['one fault, one row', 'command = "./tool"\ncwd = "/nowhere"', 'warning missing'],
    ['a working folder that is a file', 'command = "tool"\ncwd = "tools/text"', 'warning wrong_type'],
    ['a variable that is set', 'command = "tool"\nenv_vars = ["SET"]', 'ok'],
    ['a variable of .env', 'command = "tool"\nenv_vars = [{ name = "DOT", source = "local" }]', 'ok'],
    ['a variable that is not set', 'command = "tool"\nenv_vars = ["UNSET"]', 'warning missing'],
    ['a variable that is empty', 'command = "tool"\nenv_vars = ["EMPTY"]', 'warning missing'],
    [
      'a remote variable',
      'command = "tool"\nenv_vars = [{ name = "SET", source = "remote" }]',
      'warning invalid_value',
    ],
    ['a variable without a name', 'command = "tool"\nenv = { "" = "x" }', 'warning invalid_value'],
    ['a handed-on variable without a name', 'command = "tool"\nenv_vars = [""]', 'warning invalid_value'],
    ['a URL', 'url = "https://mcp.example/x"', 'ok'],
    ['an empty URL', 'url = ""', 'warning invalid_value'],
    ['no URL', 'url = "not a url"', 'warning invalid_value'],
    ['another scheme', 'url = "ftp://mcp.example/x"', 'warning invalid_value'],
    [
      'a bearer variable that is not set',
      'url = "https://mcp.example/x"\nbearer_token_env_var = "UNSET"',
      'warning missing',
    ],
    [
      'a header variable that is not set',
      'url = "https://mcp.example/x"\nenv_http_headers = { X = "UNSET" }',
      'warning missing',
    ],
    ['a password in the URL', 'url = "https://user:hush@mcp.example/x"', 'warning permissions'],
    [
      'a secret argument',
      'command = "tool"\nargs = ["--token", "ghp_0123456789abcdefghijABCDEFGHIJ456789"]',
      'warning permissions',
    ],
    ['a harmless argument', 'command = "tool"\nargs = ["-y", "@scope/package@1.2.3"]', 'ok'],
    ['an unknown key is for config.load', 'command = "tool"\nalwaysAllow = []', 'ok'],
    ['both transports', 'command = "tool"\nurl = "https://mcp.example"', 'skipped'],
    ['no transport', 'args = []', 'skipped'],
    ['an inline bearer token', 'url = "https://mcp.example"\nbearer_token = "hush"', 'skipped'],
    ['a number in env', 'command = "tool"\nenv = { A = 1 }', 'skipped'],
    ['switched off', 'command = "none"\nenabled = false', 'ok'],
  ])('%s', async (_name, table, expected) => {
    const verdict = await examine({
      config: `[mcp_servers.one]\n${table}`,
      env: { SET: '1', EMPTY: '' },
      dotenv: 'DOT=1\n',
    });
    expect(outcome(verdict)).toBe(expected);
    expect(JSON.stringify(verdict)).not.toMatch(/hush|ghp_/);
  });
});

test('a required server fails where an optional one warns, and only the optional one is promoted', async () => {
  const verdict = await examine({
    config: '[mcp_servers.b]\ncommand = "none"\nrequired = true\n[mcp_servers.a]\ncommand = "none"',
  });
  expect(verdict.issues.map(({ severity, fields }) => [severity, fields])).toEqual([
    ['warning', ['server a']],
    ['fail', ['server b']],
  ]);
  expect(verdict.notes).toEqual([{ kind: 'warning', text: 'optional MCP servers with trouble: a' }]);
});

test('names that the agent does not start, also hostile ones, are labels of their own', async () => {
  const verdict = await examine({
    config:
      '[mcp_servers."a b"]\ncommand = "tool"\n[mcp_servers."__proto__"]\ncommand = "tool"\n[mcp_servers."\\u001b[2J"]\ncommand = "tool"',
  });
  expect(verdict.issues.map(({ fields }) => fields[0])).toEqual([String.raw`server \u001b[2J`, 'server a b']);
  expect(verdict.details['server __proto__']).toBe('stdio: tool');
  expect(verdict.details['configured servers']).toBe(3);
});

test('a long command line is cut', async () => {
  const { details } = await examine({
    config: `[mcp_servers.a]\ncommand = "tool"\nargs = ["${'a '.repeat(500)}"]`,
  });
  expect(String(details['server a']).length).toBeLessThan(320);
});

test('counts', async () => {
  const { details } = await examine({
    config: '[mcp_servers.a]\ncommand = "tool"\n[mcp_servers.b]\nurl = "https://b.example"\nenabled = false',
  });
  expect(details).toEqual({
    'configured servers': 2,
    'disabled servers': 1,
    'stdio servers': 1,
    'streamable_http servers': 1,
    'server a': 'stdio: tool',
    'server b': 'disabled, streamable_http: https://b.example',
  });
});

test('no server is nothing to judge; a broken configuration is for config.load', async () => {
  expect(outcome(await examine({ config: '' }))).toBe('idle');
  expect(outcome(await examine({ config: 'model = 5' }))).toBe('idle');
  expect(await examine({ config: 'mcp_servers = 5' })).toMatchObject({ skippedBecause: 'config.load' });
  expect(await examine({ config: 'model = ' })).toMatchObject({ skippedBecause: 'config.load' });
});

test('a server that config.load reports does not hide the trouble of another', async () => {
  const verdict = await examine({
    config: '[mcp_servers."x.y"]\nargs = []\n[mcp_servers.z]\ncommand = "none"',
  });
  expect(verdict.issues.map(({ fields }) => fields)).toEqual([['server z']]);
  expect(verdict.details['server x.y']).toBe('refused, see config.load');
});
