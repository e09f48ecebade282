// How a program that talks to the Responses API is tested: a server that answers by script, and breaks by script. Here the
// first answer ends in the middle and the second request is refused with 503; the agent tries again and gets there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from 'stethos/agent';
import { completed, created, message, startResponsesServer } from 'stethos/testing';

const server = await startResponsesServer({
  responses: [
    [created('r1'), { end: 'reset' }],
    { status: 503, body: 'not now' },
    [created('r3'), message('Here I am.'), completed('r3', { inputTokens: 12, outputTokens: 4 })],
  ],
});

const home = mkdtempSync(join(tmpdir(), 'test-with-faults-'));
writeFileSync(
  join(home, 'config.toml'),
  `model_provider = "local"
[model_providers.local]
name = "A server of my own"
base_url = "${server.baseUrl}"
`,
);
const agent = createAgent({ home, cwd: home, env: {} });
const thread = await agent.startThread({ isEphemeral: true });
thread.submit({ type: 'user_input', items: [{ type: 'text', text: 'Are you there?' }] });
for await (const { msg } of thread.events()) {
  if (msg.type === 'stream_error') process.stdout.write(`again: ${msg.message}\n`);
  if (msg.type === 'agent_message') process.stdout.write(`agent: ${msg.message}\n`);
  if (msg.type === 'task_complete') break;
}
process.stdout.write(`requests: ${server.requests.length}\n`);

await agent.close();
await server.close();
rmSync(home, { recursive: true, force: true });
