import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, test } from 'vitest';
import { turn } from '../../../fixtures/thread-events.ts';
import { agentAt, LAB_KEY } from '../../../fixtures/turn-faults/agent-at.ts';
import { filesOf } from '../../../fixtures/watched-agent.ts';
import { completed, created, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import { traceRootOf } from './trace-listener.ts';

test.each([
  [{}, undefined],
  [{ CODEX_ROLLOUT_TRACE_ROOT: ' ' }, undefined],
  [{ CODEX_ROLLOUT_TRACE_ROOT: '/traces' }, '/traces'],
  [{ CODEX_ROLLOUT_TRACE_ROOT: '/traces', STETHOS_ROLLOUT_TRACE_ROOT: 'own' }, '/work/own'],
])('%j names the folder %s', (env, root) => expect(traceRootOf({ env, cwd: '/work' })).toBe(root));

it('records a thread, whoever started the agent', async () => {
  const root = mkdtempSync(join(tmpdir(), 'stethos-trace-'));
  await using server = await startResponsesServer({
    responses: [[created('r1'), message('done'), completed('r1')]],
  });
  const place = agentAt(server.baseUrl, 'http', { env: { CODEX_ROLLOUT_TRACE_ROOT: root } });
  onTestFinished(async () => {
    await place[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });
  const thread = await place.agent.startThread();
  await turn(thread, 'go');
  await place.agent.close();
  expect(readdirSync(root)).toEqual([expect.stringContaining(thread.id)]);
  const written = filesOf(root)
    .map(({ text }) => text)
    .join('');
  expect(written).toContain('"recording_completed"');
  expect(written).not.toContain(LAB_KEY);
});
