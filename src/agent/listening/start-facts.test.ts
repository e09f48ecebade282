import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { turn } from '../../../fixtures/thread-events.ts';
import { agentAt } from '../../../fixtures/turn-faults/agent-at.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import { completed, created, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import { createAgent } from '../create-agent.ts';
import { storeFacts } from './store-facts.ts';

const SCRIPT = { responses: [[created('r1'), message('done'), completed('r1')]] };

type Told<Type> = Extract<AgentFact, { readonly type: Type }>;
const only = <Type extends AgentFact['type']>(facts: readonly AgentFact[], type: Type): Told<Type>[] =>
  facts.filter((fact): fact is Told<Type> => fact.type === type);

it.each(['http', 'websocket'] as const)(
  'over %s an agent tells how it started, what its databases did, and how long its file is',
  async (wire) => {
    await using server = await startResponsesServer(SCRIPT);
    const facts: AgentFact[] = [];
    await using place = agentAt(server.baseUrl, wire, {
      observer: { observe: (fact) => facts.push(fact) },
    });
    const thread = await place.agent.startThread();
    await turn(thread, 'go');
    await place.agent.close();
    const [spawned] = only(facts, 'thread_spawned');
    expect(spawned?.status).toBe('ready');
    expect(spawned?.steps.map(({ step }) => step)).toEqual([
      'state_db',
      'thread_persistence',
      'mcp_manager_init',
    ]);
    // Over HTTP there is nothing to make ready.
    const ready = wire === 'websocket' ? [{ status: 'ready' }] : [];
    expect(only(facts, 'warmed_up')).toMatchObject(ready);
    expect(only(facts, 'warm_up_consumed')).toMatchObject(ready);
    const phases = only(facts, 'database_phase').map(({ database, phase }) => `${phase}_${database}`);
    expect(phases.toSorted()).toEqual(['migrate_logs', 'migrate_state', 'open_logs', 'open_state']);
    expect(only(facts, 'logs_written').at(-1)?.entries).toBeGreaterThan(0);
    const { rolloutPath = '' } = thread;
    expect(only(facts, 'rollout_closed')).toMatchObject([{ bytes: statSync(rolloutPath).size }]);
  },
);

it('a start that was refused is told before the thread is closed', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'config.toml'), '[mcp_servers.needed]\ncommand = "false"\nrequired = true\n');
  const facts: AgentFact[] = [];
  const agent = createAgent({
    home,
    cwd: home,
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    observer: { observe: (fact) => facts.push(fact) },
  });
  await expect(agent.startThread()).rejects.toThrow('needed');
  await agent.close();
  const [spawned] = only(facts, 'thread_spawned');
  expect(spawned?.status).toBe('failed');
  expect(spawned?.steps.at(-1)?.step).toBe('required_mcp_wait');
  const types = facts.map(({ type }) => type);
  expect(types.indexOf('thread_spawned')).toBeLessThan(types.indexOf('thread_ended'));
});

it('a listener that throws at a fact of the log is passed over without a word in the log (trap 11)', () => {
  const clock = { now: () => 1, elapsed: () => 1 };
  const heard: AgentFact[] = [];
  const broken = {
    observe(): void {
      throw new Error('broken');
    },
  };
  const watch = storeFacts([broken, { observe: (fact) => heard.push(fact) }], clock);
  watch?.hear({ type: 'logs_dropped', count: 1 });
  expect(heard).toEqual([{ type: 'logs_dropped', count: 1, atMs: 1 }]);
  expect(storeFacts([], clock)).toBeUndefined();
});
