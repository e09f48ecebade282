import type { RolloutLine } from '../../store/rollouts/line.ts';
import type { AgentEvent, EventMsg } from '../protocol/event.ts';
import type { ResponseItem } from '../protocol/item.ts';
import { asJson } from '../listening/tell.ts';
import type { Tell } from '../listening/tell.ts';
import type { EventHub } from './events.ts';
import type { History } from './history.ts';
import type { Recorder } from './recorder.ts';

/**
 * What happened in a thread, told to everybody who has to know: the history, the file on disk, the clients. Nothing is
 * ever read back from here.
 */
export interface Journal {
  /** Items of the conversation; resolves when they are on disk. */
  record(id: string, ...items: readonly ResponseItem[]): Promise<void>;
  /** A line of the file that is no part of the conversation. */
  note(id: string, line: RolloutLine): Promise<void>;
  emit(id: string, msg: EventMsg): void;
  /** Everything so far is on disk. */
  flush(id: string): Promise<void>;
}

export interface JournalOptions {
  readonly history: History;
  readonly recorder: Recorder;
  readonly hub: EventHub;
  /** Absent where nobody listens to facts. */
  readonly tell?: Tell | undefined;
}

/**
 * The recorder passes over what a rollout does not keep (spec/agent-core.md 8.2). These come by the thousand, and are
 * not even offered to it.
 */
export const LIVE_ONLY: ReadonlySet<EventMsg['type']> = new Set([
  'agent_message_content_delta',
  'reasoning_content_delta',
  'reasoning_raw_content_delta',
  'exec_command_output_delta',
]);

/** A disk that refuses is a warning: the turn goes on, and the recorder tries the lines again. */
export function createJournal({ history, recorder, hub, tell: tellFact }: JournalOptions): Journal {
  let isDiskTrusted = true;
  const tell = (id: string, msg: EventMsg): void => hub.emit({ id, msg } satisfies AgentEvent);
  /** Never rejects. Says it once until the disk takes lines again. */
  const toDisk = async (id: string, write: () => Promise<void>): Promise<void> => {
    try {
      await write();
      isDiskTrusted = true;
    } catch (error) {
      if (!isDiskTrusted) return;
      isDiskTrusted = false;
      const reason = error instanceof Error ? error.message : 'for an unknown reason';
      tell(id, { type: 'warning', message: `The conversation could not be saved: ${reason}` });
    }
  };
  return {
    record(id, ...items) {
      history.append(...items);
      const written = toDisk(id, () => recorder.append(...items.map(itemLine)));
      for (const item of items) {
        tellFact?.({ type: 'item_recorded', ...turnOf(id), item: () => asJson(item) });
        tell(id, { type: 'raw_response_item', item });
      }
      return written;
    },
    note: (id, line) => toDisk(id, () => recorder.append(line)),
    emit(id, msg) {
      // In order with the items around it; `flush` waits for it.
      if (!LIVE_ONLY.has(msg.type))
        void toDisk(id, () => recorder.append({ type: 'event_msg', payload: { ...msg } }));
      tell(id, msg);
    },
    flush: (id) => toDisk(id, () => recorder.flush()),
  };
}

const itemLine = (item: ResponseItem): RolloutLine => ({ type: 'response_item', payload: { ...item } });

const turnOf = (id: string): { readonly turnId?: string } => (id === '' ? {} : { turnId: id });
