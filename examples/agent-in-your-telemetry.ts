// A program that has an agent in it and OpenTelemetry of its own: what the agent does for a request stands in the trace of
// that request. Where it goes is the program's affair: `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 node
// examples/agent-in-your-telemetry.ts`. The model is played from a script, so that no key is needed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createAgent, scriptedAgentModel } from 'stethos/agent';

const telemetry = new NodeSDK({ serviceName: 'ticket-desk' });
telemetry.start();

const home = mkdtempSync(join(tmpdir(), 'agent-in-your-telemetry-'));
const agent = createAgent({
  home,
  cwd: home,
  telemetry: 'program',
  provider: await scriptedAgentModel(JSON.stringify({ responses: [{ output: ['Restart the printer.'] }] })),
});
const thread = await agent.startThread();

await trace.getTracer('ticket-desk').startActiveSpan('answer ticket', async (span) => {
  thread.submit({ type: 'user_input', items: [{ type: 'text', text: 'The printer is on fire.' }] });
  for await (const { msg } of thread.events()) {
    if (msg.type === 'agent_message') process.stdout.write(`agent: ${msg.message}\n`);
    if (msg.type === 'task_complete') break;
  }
  span.end();
});

await agent.close();
await telemetry.shutdown();
rmSync(home, { recursive: true, force: true });
