// A program that has an agent in it and listens to everything that it does. The model is played from a script, so that it
// runs with no key and no network: `node examples/embedded-agent.ts`. Without `provider` the configuration of the home says
// whom to ask.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent, scriptedAgentModel } from 'stethos/agent';

const script = {
  responses: [
    {
      when: { toolOutput: 'Nantes' },
      output: ['It is 17 degrees in Nantes.'],
      usage: {
        input_tokens: 60,
        cached_input_tokens: 0,
        output_tokens: 9,
        reasoning_output_tokens: 0,
        total_tokens: 69,
      },
    },
    { output: [{ type: 'function_call', name: 'thermometer', arguments: { city: 'Nantes' } }] },
  ],
};

const home = mkdtempSync(join(tmpdir(), 'embedded-agent-'));
const agent = createAgent({
  home,
  cwd: home,
  client: { name: 'weather-station', version: '1.0.0' },
  provider: await scriptedAgentModel(JSON.stringify(script)),
});

const thread = await agent.startThread({
  dynamicTools: [
    {
      name: 'thermometer',
      description: 'Tells the temperature in a city.',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
});

thread.submit({ type: 'user_input', items: [{ type: 'text', text: 'How warm is it in Nantes?' }] });
for await (const { msg } of thread.events()) {
  if (msg.type === 'dynamic_tool_call_request')
    // A tool of our own: the agent asks, this program answers.
    thread.submit({
      type: 'dynamic_tool_response',
      id: msg.call_id,
      success: true,
      contentItems: [{ type: 'inputText', text: 'Nantes: 17' }],
    });
  if (msg.type === 'token_count' && msg.info)
    process.stdout.write(`tokens: ${msg.info.total_token_usage.total_tokens}\n`);
  if (msg.type === 'agent_message') process.stdout.write(`agent: ${msg.message}\n`);
  if (msg.type === 'task_complete') break;
}

await agent.close();
rmSync(home, { recursive: true, force: true });
