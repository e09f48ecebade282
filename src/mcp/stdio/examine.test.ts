import { expect, test, vi } from 'vitest';
import { programPath } from '../../../fixtures/run.ts';
import { processes } from '../../host/processes.ts';
import type { McpLaunch } from '../../target/mcp/launch.ts';
import { examineStdioServer } from './examine.ts';
import type { StdioObservation } from './examine.ts';

/** Long enough for a Node on a busy machine to start, where an answer is expected. */
const PATIENCE_MS = 10_000;
/** For servers that never answer; their programs have to have started by then, on a busy machine too. */
const IMPATIENCE_MS = 2_500;

const launch = (args: readonly string[], more: Partial<McpLaunch> = {}): McpLaunch => ({
  path: process.execPath,
  args: [programPath('mcp-server.cjs'), ...args],
  cwd: '/',
  environment: {},
  secrets: [],
  ...more,
});

function examine(
  server: McpLaunch,
  { timeoutMs = PATIENCE_MS, signal = new AbortController().signal } = {},
): Promise<StdioObservation> {
  return examineStdioServer(server, {
    client: { name: 'test', version: '1' },
    startupTimeoutMs: timeoutMs,
    timeoutMs,
    signal,
  });
}

const TOOLS = ['tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4'];
const connected = (tools: object): object => ({ outcome: { kind: 'connected', tools } });
const fault = (outcome: object): object => ({ outcome });

test.concurrent.each<[string, object]>([
  ['healthy', connected({ kind: 'listed', names: TOOLS })],
  // Codex 0.169 asks for tools whatever the server announces.
  ['no-tools', connected({ kind: 'listed', names: TOOLS })],
  ['version 2024-11-05', connected({ kind: 'listed', names: TOOLS })],
  ['version 2025-11-25', connected({ kind: 'listed', names: TOOLS })],
  ['version 1999-01-01', fault({ kind: 'unknown_version', protocolVersion: '1999-01-01' })],
  ['no-version', fault({ kind: 'malformed' })],
  ['error', fault({ kind: 'rpc_error', code: -32_603, message: 'no licence: none' })],
  ['bare-exit', { outcome: { kind: 'exited', exitCode: 3 }, stdoutStart: '', stderrTail: [] }],
  [
    'exit',
    {
      outcome: { kind: 'exited', exitCode: 3 },
      stderrTail: ['Error: Cannot find module "left-pad"', '    at require (node:internal)'],
    },
  ],
  ['exit-after-banner', { outcome: { kind: 'exited', exitCode: 4 }, stdoutStart: 'Starting up ...' }],
  ['exit-when-asked', fault({ kind: 'exited', exitCode: 5 })],
  ['signal', fault({ kind: 'exited', signal: 'SIGKILL' })],
  [
    'banner-then-serve',
    {
      ...connected({ kind: 'listed', names: TOOLS }),
      strayOutput: 'my-server v1.0 listening on stdio',
    },
  ],
  ['list-error', connected({ kind: 'rpc_error', code: -32_000, message: 'the catalogue is gone' })],
  ['list-endless', connected({ kind: 'malformed', problem: 'the list of tools repeats a cursor' })],
  ['list-malformed', connected({ kind: 'malformed' })],
  ['list-exit', connected({ kind: 'exited', exitCode: 6 })],
  ['flood', fault({ kind: 'flooded' })],
  ['flood-lines', { outcome: { kind: 'flooded' }, strayOutput: expect.stringMatching(/^(noise\n){42}/) }],
  ['flood-stderr', connected({ kind: 'listed', names: TOOLS })],
])('a server that is %s', async (behaviour, expected) => {
  expect(await examine(launch(behaviour.split(' ')))).toMatchObject(expected);
});

test.concurrent.each<[string, object]>([
  ['silent', fault({ kind: 'silent', afterMs: IMPATIENCE_MS })],
  ['banner-only', { outcome: { kind: 'silent' }, strayOutput: 'Listening on http://localhost:3000' }],
  [
    'half-a-line',
    { outcome: { kind: 'silent' }, strayOutput: '', stdoutStart: '{"jsonrpc":"2.0","id":0,"resu' },
  ],
  ['not-json-rpc', { outcome: { kind: 'silent' }, strayOutput: '{"status":"ready"}' }],
])('a server that never answers: %s', async (behaviour, expected) => {
  expect(await examine(launch([behaviour]), { timeoutMs: IMPATIENCE_MS })).toMatchObject(expected);
});

test.concurrent('a list of tools that does not come is told from a server that does not', async () => {
  expect(await examine(launch(['list-silent']), { timeoutMs: 2 * IMPATIENCE_MS })).toMatchObject(
    connected({ kind: 'silent' }),
  );
});

test.concurrent('the time that a server takes to start is told', async () => {
  const { outcome } = await examine(launch(['slow', '200']));
  expect(outcome).toMatchObject({ kind: 'connected', tools: { kind: 'listed' } });
  expect(outcome.kind === 'connected' && outcome.initializeMs).toBeGreaterThanOrEqual(200);
});

test.concurrent.each<[string, Partial<McpLaunch>, string]>([
  ['that is not there', { path: '/nowhere/none' }, 'ENOENT'],
  ['that is not executable', { path: programPath('mcp-server.cjs') }, 'EACCES'],
  ['in a folder that is not there', { cwd: '/nowhere' }, 'ENOENT'],
])('a program %s', async (_name, more, code) => {
  expect((await examine(launch([], more))).outcome).toEqual({ kind: 'spawn_failed', code });
});

test.concurrent('a server gets the environment and the folder that it was given, and a mark', async () => {
  const environment = await examine(launch(['environment'], { environment: { ONE: '1', TWO: '2' } }));
  expect(environment.outcome).toMatchObject({ server: { name: 'ONE STETHOS_PROBE TWO' } });
  const folder = await examine(launch(['folder'], { cwd: '/usr' }));
  expect(folder.outcome).toMatchObject({ server: { name: '/usr' } });
});

test.concurrent('what was handed over is hidden wherever the server repeats it, and control characters are visible', async () => {
  const secret = 'hush-hush-42';
  const secrets = [secret];
  const error = await examine(launch(['error', secret], { secrets }));
  expect(error.outcome).toMatchObject({ message: 'no licence: <hidden>' });
  const banner = await examine(launch(['banner-only', `key ${secret} \u001b[31m`], { secrets }), {
    timeoutMs: IMPATIENCE_MS,
  });
  expect(banner.strayOutput).toBe(String.raw`key <hidden> \u001b[31m`);
  expect(JSON.stringify([error, banner])).not.toContain(secret);
});

test.concurrent('the complaint of a program is found above the stack trace that follows it', async () => {
  const { complaint, stderrTail } = await examine(launch([], { args: ['/nowhere/server.js'] }));
  expect(complaint).toBe("Error: Cannot find module '/nowhere/server.js'");
  expect(stderrTail).toHaveLength(10);
});

test.concurrent('what is kept of a flood is little', async () => {
  const { stdoutStart } = await examine(launch(['flood']));
  expect(stdoutStart).toBe('x'.repeat(256));
  const { stderrTail } = await examine(launch(['flood-stderr']));
  expect(stderrTail.join('').length).toBeLessThanOrEqual(2_048);
});

const grandchildOf = ({ stderrTail }: StdioObservation): number =>
  Number(/grandchild (\d+)/.exec(stderrTail.join('\n'))?.[1]);

/** A process that was killed needs a moment to be gone. */
const untilDead = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(processes.inspect(pid).state).toBe('dead'));

test.concurrent.each([
  ['grandchild', PATIENCE_MS],
  ['detached-grandchild', PATIENCE_MS],
  ['exit-with-grandchild', PATIENCE_MS],
  ['silent-grandchild', IMPATIENCE_MS],
])('nothing survives: %s', async (behaviour, timeoutMs) => {
  const grandchild = grandchildOf(await examine(launch([behaviour]), { timeoutMs }));
  expect(grandchild).toBeGreaterThan(0);
  await untilDead(grandchild);
});

test.concurrent('an interrupt ends the server at once', async () => {
  const controller = new AbortController();
  const examined = examine(launch(['silent-grandchild']), { signal: controller.signal });
  setTimeout(() => controller.abort(), IMPATIENCE_MS);
  const observation = await examined;
  expect(observation.outcome).toEqual({ kind: 'aborted' });
  await untilDead(grandchildOf(observation));
});

test.concurrent('nothing is started after an interrupt', async () => {
  const observation = await examine(launch(['exit']), { signal: AbortSignal.abort() });
  expect(observation).toMatchObject({ outcome: { kind: 'aborted' }, stderrTail: [] });
});
