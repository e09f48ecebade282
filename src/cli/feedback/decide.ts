import { itemsNamed } from '../../feedback/selection.ts';
import type { StagedItem } from '../../feedback/item.ts';
import type { Questioner } from './ask.ts';

/** What somebody who sees the preview wants: these items, or nothing sent at all. */
export type Decision =
  | { readonly kind: 'send'; readonly items: readonly StagedItem[] }
  | { readonly kind: 'declined' };

interface Shown {
  readonly items: readonly StagedItem[];
  readonly chosen: readonly StagedItem[];
  /** "Send it" or "Store it". */
  readonly verb: string;
  /** Prints the exact bytes. */
  readonly show: (items: readonly StagedItem[]) => Promise<void>;
  /** Prints the preview anew. */
  readonly redraw: (chosen: readonly StagedItem[]) => void;
}

/** Asks about the whole, or about each item, until there is a yes or a no. Enter alone means nothing. */
export async function decide(
  questioner: Questioner,
  { items, chosen, verb, show, redraw }: Shown,
): Promise<Decision> {
  let kept = chosen;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again
    const answer = await questioner.ask(
      `${verb}? [yes / no / choose${items.length > 0 ? ' / show NUMBER' : ''}] `,
    );
    if (answer === undefined || /^no?$/i.test(answer)) return { kind: 'declined' };
    if (/^y(?:es)?$/i.test(answer)) return { kind: 'send', items: kept };
    const word = /^show\s+(.+)$/i.exec(answer)?.[1];
    if (word !== undefined) {
      const named = itemsNamed(items, word);
      if (named.length === 0) questioner.say(`There is no item ${word}.\n`);
      // oxlint-disable-next-line no-await-in-loop -- before the next question
      else await show(named);
    } else if (/^c(?:hoose)?$/i.test(answer)) {
      // oxlint-disable-next-line no-await-in-loop -- before the next question
      kept = await chooseEach(questioner, items);
      redraw(kept);
    }
  }
}

async function chooseEach(
  questioner: Questioner,
  items: readonly StagedItem[],
): Promise<readonly StagedItem[]> {
  const kept: StagedItem[] = [];
  for (const [index, item] of items.entries())
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    if (await questioner.confirm(`${index + 1}  ${item.name}?`)) kept.push(item);
  return kept;
}
