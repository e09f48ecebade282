import type { ModelInfo } from '../model/info.ts';
import type { ResponseItem } from '../protocol/item.ts';
import { estimateTokens } from './estimate.ts';
import type { MeasureImage } from './estimate.ts';
import { normalise } from './normalise.ts';

/** The conversation of one thread as the model knows it. What is on disk is the recorder's matter. */
export interface History {
  readonly items: readonly ResponseItem[];
  append(...items: readonly ResponseItem[]): void;
  /** After a compaction, a rollback or an image that was refused. */
  replace(items: readonly ResponseItem[]): void;
  /** As it goes into the next request. */
  forModel(model: ModelInfo): readonly ResponseItem[];
  /** An estimate of the items from `start` on. */
  tokensFrom(start: number): number;
}

export function createHistory(initial: readonly ResponseItem[], measure: MeasureImage): History {
  let items = [...initial];
  return {
    get items() {
      return items;
    },
    append: (...more) => void items.push(...more),
    replace: (others) => void (items = [...others]),
    forModel: (model) => normalise(items, model),
    tokensFrom: (start) => {
      let sum = 0;
      for (let at = start; at < items.length; at += 1)
        sum += estimateTokens(items[at] as ResponseItem, measure);
      return sum;
    },
  };
}
