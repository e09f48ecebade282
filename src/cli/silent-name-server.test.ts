import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { startMcpServer } from '../../fixtures/lab/mcp-server.ts';
import { programPath, runNode } from '../../fixtures/run.ts';
import type { Finished } from '../../fixtures/run.ts';
import { processes } from '../host/processes.ts';
import type { RedactedReport } from '../doctor/report.ts';

const SILENT_SERVERS = Array.from(
  { length: 6 },
  (_, index) => `
[mcp_servers.silent${index}]
url = "http://silent${index}.test/mcp"
startup_timeout_sec = 0.3
`,
).join('');

interface Run extends Finished {
  readonly details: Readonly<Record<string, unknown>>;
  /** Of the process that looked names up. */
  readonly lookupPid: number;
}

/** Asks the MCP servers of a home while every name but `localhost` hangs for good. */
async function examine(servers: string): Promise<Run> {
  const home = temporaryHome({ 'config.toml': servers });
  const fifo = join(home, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const args = ['doctor', '--json', '--target', 'codex', '--home', home, '--only', 'mcp.reachability'];
  const finished = await runNode(
    ['--require', programPath('hanging-lookups.cjs'), await builtLauncher(), ...args],
    { env: { HOME: home, FIFO: fifo } },
  );
  const { checks } = JSON.parse(finished.stdout) as RedactedReport;
  return {
    ...finished,
    details: checks['mcp.reachability']?.details ?? {},
    lookupPid: Number(readFileSync(`${fifo}.pid`, 'utf8')),
  };
}

describe.runIf(process.platform !== 'win32')('while a name server is silent', () => {
  test('the doctor ends with its report and leaves no look-up behind', async () => {
    // A look-up in the doctor itself would keep it from ending: nobody ever writes to the FIFO.
    const { exitCode, stderr, details, lookupPid } = await examine(SILENT_SERVERS);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(details).toMatchObject({ 'server silent0': 'no answer', 'server silent5': 'no answer' });
    await expect.poll(() => processes.inspect(lookupPid).state).toBe('dead');
  });

  test('names that hang do not hold up one that resolves', async () => {
    await using server = await startMcpServer();
    const { details } = await examine(`${SILENT_SERVERS}
[mcp_servers.sound]
url = "${server.url.replace('127.0.0.1', 'localhost')}"
`);
    expect(details).toMatchObject({ 'server silent0': 'no answer', 'server sound': 'connected' });
  });
});
