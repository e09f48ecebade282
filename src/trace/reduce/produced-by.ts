import type { ItemProducer } from '../model/conversation.ts';
import type { Draft } from './draft.ts';
import { known } from './look-up.ts';

/** Says of an item who made it, once. */
export function producedBy(draft: Draft, itemId: string, producer: ItemProducer): void {
  const item = known(draft.items.get(itemId), itemId);
  const same = JSON.stringify(producer);
  if (!item.produced_by.some((one) => JSON.stringify(one) === same)) item.produced_by.push(producer);
}
