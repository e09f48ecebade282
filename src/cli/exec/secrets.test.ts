import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCanaries } from '../../../fixtures/canaries.ts';
import type { Canaries } from '../../../fixtures/canaries.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { plantProgram } from '../../../fixtures/programs.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Finished } from '../../../fixtures/run.ts';
import { filesOf, leaksOf } from '../../../fixtures/watched-agent.ts';
import { completed, created, functionCall, message } from '../../testing/responses/events.ts';
import type { ServerScript } from '../../testing/responses/script.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import type { ResponsesServer } from '../../testing/responses-server.ts';

interface Run {
  readonly canaries: Canaries;
  readonly server: ResponsesServer;
  readonly home: string;
  readonly root: string;
  readonly finished: Finished;
}

/** What steers a terminal, hides text or turns it around. */
const UNSAFE = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\r';

/** One run of the program in a folder of its own, with a secret wherever there is room for one. */
async function run(args: readonly string[], script: (echo: string) => ServerScript): Promise<Run> {
  const canaries = createCanaries();
  const { plant } = canaries;
  const key = plant('env_key');
  const query = plant('query_params');
  const server = await startResponsesServer(script(`${UNSAFE} Bearer ${key} ?sig=${query} ${UNSAFE}`));
  onTestFinished(() => server.close());
  const root = temporaryHome({
    'work/.git/HEAD': 'ref: refs/heads/main\n',
    'work/.git/config': `[remote "origin"]\n\turl = https://user:${plant('remote')}@127.0.0.1:9/x.git?t=${plant('query of remote')}\n`,
  });
  for (const folder of ['work/.git/objects', 'work/.git/refs', 'tmp', 'user'])
    mkdirSync(join(root, folder), { recursive: true });
  const home = join(root, 'user/home');
  const mcp = plantProgram(join(root, 'server'), `printf '\\033]0;owned\\007%s\\n' "$OWN" >&2; exit 3`);
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(
    join(home, 'config.toml'),
    `model = "gpt-5.3-codex"
model_provider = "lab"
[mcp_servers.broken]
command = "${mcp}"
env = { OWN = "${plant('env of an MCP server')}" }
[model_providers.lab]
name = "Lab"
base_url = "${server.baseUrl}"
env_key = "LAB_KEY"
request_max_retries = 0
stream_max_retries = 1
query_params = { sig = "${query}" }
`,
  );
  const finished = await stethos(['exec', '--home', home, ...args, 'go'], {
    cwd: join(root, 'work'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: join(root, 'user'),
      TMPDIR: join(root, 'tmp'),
      NODE_DEBUG: 'stethos',
      LAB_KEY: key,
      OPENAI_API_KEY: plant('OPENAI_API_KEY'),
      HTTPS_PROXY: `http://user:${plant('proxy')}@127.0.0.1:9`,
    },
  });
  return { canaries, server, home, root, finished };
}

const saidBy = ({ finished, home }: Run): { way: string; text: string }[] => [
  { way: 'stdout', text: finished.stdout },
  { way: 'stderr', text: finished.stderr },
  ...filesOf(home),
];

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;

const WAYS = [{ args: [] }, { args: ['--json'] }, { args: ['--ephemeral', '--color', 'never'] }];

it.each(WAYS)('a good turn: $args', async ({ args }) => {
  const done = await run(['--sandbox', 'danger-full-access', ...args], () => ({
    responses: [
      [created('r1'), functionCall('exec_command', { cmd: 'printf "\\033]0;owned\\007"' }), completed('r1')],
      [created('r2'), message('done'), completed('r2')],
    ],
  }));
  expect(done.finished).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('done') });
  expect(leaksOf(saidBy(done), done.canaries)).toEqual([]);
  expect(done.finished.stderr).not.toMatch(STEERING);
  expect(done.canaries.foundIn(JSON.stringify(done.server.requests))).toEqual(['env_key', 'query_params']);
});

it.each(WAYS.slice(0, 2))('a refusal with everything in it: $args', async ({ args }) => {
  const refused = await run(args, (echo) => ({
    responses: () => ({
      status: 403,
      headers: { 'x-request-id': echo.replaceAll(/[^\x20-\x7e]/g, '') },
      body: echo.repeat(5),
    }),
  }));
  expect(refused.finished.exitCode).toBe(1);
  expect(refused.finished.stdout + refused.finished.stderr).toContain('<hidden>');
  expect(leaksOf(saidBy(refused), refused.canaries)).toEqual([]);
  expect(refused.finished.stderr).not.toMatch(STEERING);
});

it('an MCP server that must not be missing, and says why', async () => {
  const stopped = await run(['-c', 'mcp_servers.broken.required=true'], () => ({}));
  expect(stopped.finished).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('exit code 3') });
  expect(leaksOf(saidBy(stopped), stopped.canaries)).toEqual([]);
  expect(stopped.finished.stderr).not.toMatch(STEERING);
  expect(stopped.server.requests).toEqual([]);
});

it('words that come from elsewhere do not steer the terminal', async () => {
  const { stderr, exitCode } = await stethos(
    ['exec', '--home', temporaryHome(), '--skip-git-repo-check', 'resume', UNSAFE, 'go'],
    { cwd: temporaryHome(), env: { PATH: process.env['PATH'] ?? '' } },
  );
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('owned')]);
  expect(stderr).not.toMatch(STEERING);
});

it.each([
  ['of the command line', ['-c', 'model_providers.lab.experimental_bearer_token=CANARY']],
  ['of a provider', ['--provider', 'CANARY']],
  ['of a sandbox', ['-c', 'sandbox_mode="CANARY"']],
])('a faulty setting %s', async (_name, args) => {
  const { plant, foundIn } = createCanaries();
  const secret = plant('argument');
  const given = args.map((arg) => arg.replace('CANARY', secret));
  const faulty = await run(given, () => ({}));
  expect(faulty.finished.exitCode).not.toBe(0);
  expect(foundIn(faulty.finished.stdout)).toEqual([]);
  expect(filesOf(faulty.home).flatMap(({ text }) => foundIn(text))).toEqual([]);
});

it.runIf(process.platform !== 'win32')(
  'a home that it makes is its owner’s alone, and nothing lies elsewhere',
  async () => {
    const script = { responses: [{ output: [{ type: 'message', role: 'assistant', content: [] }] }] };
    const root = temporaryHome({ 'script.json': JSON.stringify(script), 'work/notes.md': '' });
    for (const folder of ['tmp', 'user']) mkdirSync(join(root, folder));
    const home = join(root, 'user/home');
    const provider = `scripted=${join(root, 'script.json')}`;
    const { exitCode } = await stethos(
      ['exec', '--home', home, '--skip-git-repo-check', '--provider', provider, 'go'],
      {
        cwd: join(root, 'work'),
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: join(root, 'user'),
          TMPDIR: join(root, 'tmp'),
          XDG_CACHE_HOME: join(root, 'compiled code'),
        },
      },
    );
    expect(exitCode).toBe(0);
    expect(readdirSync(home)).toContain('sessions');
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(root, 'user'))).toEqual(['home']);
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
    expect(readdirSync(join(root, 'work'))).toEqual(['notes.md']);
  },
);
