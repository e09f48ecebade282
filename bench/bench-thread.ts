// A thread with one subscriber, for the clients of benches: the whole way of a turn over server-sent events.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isEnd, prompt } from '../fixtures/thread.ts';
import { createAgent } from '../src/agent/create-agent.ts';
import type { AgentObserver } from '../src/telemetry/observer.ts';
import type { BenchClient } from './client-process.ts';

const home = mkdtempSync(join(tmpdir(), 'stethos-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
// How the parent ends its clients; the home goes with it.
process.on('SIGTERM', () => process.exit());

export async function openThread(baseUrl: string, observer?: AgentObserver): Promise<BenchClient> {
  const agent = createAgent({
    home,
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/sh' },
    overrides: {
      set: [
        'model_provider="bench"',
        `model_providers.bench={name="Bench",base_url="${baseUrl}",wire_api="responses"}`,
        'sandbox_mode="danger-full-access"',
      ],
      enable: [],
      disable: [],
    },
    ...(observer && { observer }),
  });
  const started = await agent.startThread({ isEphemeral: true });
  return {
    stream: () =>
      new Promise((resolve) => {
        let deltas = 0;
        const stop = started.subscribe(({ msg }) => {
          if (msg.type === 'agent_message_content_delta') deltas += 1;
          if (!isEnd(msg)) return;
          stop();
          resolve(deltas);
        });
        started.submit(prompt('Hello'));
      }),
  };
}
