import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../protocol/event.ts';
import { createEventHub } from './events.ts';

const event = (message: string): AgentEvent => ({ id: '', msg: { type: 'warning', message } });
const fails = (error: unknown): never => {
  throw error;
};
const collect = async (events: AsyncIterable<AgentEvent>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const { msg } of events) all.push('message' in msg && msg.message);
  return all;
};

describe('events', () => {
  it('gives every subscriber all of them, whatever the others do', async () => {
    const hub = createEventHub(fails);
    const slow = hub.events();
    const quick = collect(hub.events());
    hub.emit(event('a'));
    hub.emit(event('b'));
    hub.close();
    expect(await quick).toEqual(['a', 'b']);
    expect(await collect(slow)).toEqual(['a', 'b']);
    expect(await collect(hub.events())).toEqual([]);
  });

  it('keeps what came before anybody listened for whoever comes first', () => {
    const hub = createEventHub(fails);
    hub.emit(event('early'));
    const seen: AgentEvent[] = [];
    hub.subscribe((heard) => void seen.push(heard));
    hub.emit(event('late'));
    expect(seen).toEqual([event('early'), event('late')]);
  });

  it('does not let a listener that throws spoil it for the others', () => {
    const errors: unknown[] = [];
    const hub = createEventHub((error) => void errors.push(error));
    const seen: AgentEvent[] = [];
    hub.subscribe(() => fails(new Error('mine')));
    hub.subscribe((heard) => void seen.push(heard));
    hub.emit(event('a'));
    expect(errors).toHaveLength(1);
    expect(seen).toHaveLength(1);
  });
});
