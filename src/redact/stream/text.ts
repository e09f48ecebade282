import { visibleStretches } from '../control.ts';
import type { Cut, Sight } from '../find.ts';
import type { Redactor } from '../redactor.ts';
import { lineEndsIn } from './findings.ts';
import type { FindingList } from './findings.ts';

/** Redacts a stream of text piece by piece. */
export interface StreamRedactor {
  /** What is certain so far. */
  readonly push: (text: string) => string;
  readonly end: () => string;
}

/** So many characters are searched at a time. */
const WINDOW = 512 * 1024;
/** So far behind a place a secret is seen whole that begins there; longer ones are followed to their end. */
const AHEAD = 32 * 1024;
/** What was written already and tells what follows: a name before a value, the beginning of a block. */
const CONTEXT = 4 * 1024;
/** Of a secret that is longer than this the middle is forgotten: its beginning says how it goes on. */
const MAX_HELD = 1024 * 1024;
/** Windows end at the end of a line where there is one in their last part. */
const LINE_SEARCH = 16 * 1024;

/** Redacts text of any size, with lines and secrets of any length, in windows that overlap. */
export function createTextRedactor(
  redactor: Redactor,
  findings: FindingList,
  start: { readonly offset: number; readonly line: number } = { offset: 0, line: 0 },
): StreamRedactor {
  /** What is searched: some text that was written already, and all that was not. */
  let held = '';
  let written = 0;
  /** A secret was written that may go on. */
  let isOpen = false;
  /** Searched again only when so much is there: a long secret would be read over and over. */
  let enough = WINDOW;
  /** Of the stream, before {@link held}. */
  let { offset, line } = start;

  const write = (sight: Sight, to: number): string => {
    const place = { text: held, offset, line };
    const stretch = visibleStretches(held, sight.unsafe);
    const pieces: string[] = [];
    let position = written;
    for (const cut of sight.cuts) {
      if (cut.start >= to) break;
      if (cut.end <= written) continue;
      pieces.push(stretch(position, Math.max(position, cut.start)));
      if (!(isOpen && cut.start < written)) {
        pieces.push(redactor.placeholder(cut));
        findings.note(cut, place);
      }
      position = Math.min(cut.end, to);
    }
    pieces.push(stretch(position, to));
    return pieces.join('');
  };

  const forget = (to: number): void => {
    line += lineEndsIn(held, { start: 0, end: to });
    offset += to;
    held = held.slice(to);
  };

  const advance = (): string => {
    const sight = redactor.find(held);
    const limit = held.length - AHEAD;
    const crossing = sight.cuts.find((cut) => cut.start < limit && cut.end > limit && cut.end > written);
    if (crossing && crossing.start <= written && held.length < MAX_HELD && !isOpen) {
      enough = Math.min(held.length * 2, MAX_HELD);
      return '';
    }
    enough = WINDOW;
    if (crossing && crossing.start <= written) return followSecret(sight, crossing, limit);
    const to = crossing ? crossing.start : endOfWindow(held, sight.cuts, { from: written, limit });
    const text = write(sight, to);
    isOpen = false;
    forget(Math.max(0, to - CONTEXT));
    written = Math.min(to, CONTEXT);
    return text;
  };

  /** Writes what stands for a secret without an end in sight, and keeps of it only how it begins. */
  const followSecret = (sight: Sight, secret: Cut, limit: number): string => {
    const beginning = Math.min(secret.start + CONTEXT, limit);
    // Whole groups of base64 and pairs of hexadecimal digits.
    const to = withoutHalf(held, limit - ((limit - beginning) % 4));
    const text = write(sight, to);
    isOpen = true;
    const rest = held.slice(to);
    const head = held.slice(Math.max(0, secret.start - CONTEXT), beginning);
    forget(to - head.length);
    held = head + rest;
    written = head.length;
    return text;
  };

  return {
    push(text) {
      held += text;
      const pieces: string[] = [];
      while (held.length - written >= enough + AHEAD) pieces.push(advance());
      return pieces.join('');
    },
    end() {
      const text = write(redactor.find(held), held.length);
      [held, written] = ['', 0];
      return text;
    },
  };
}

/** Behind a line, or wherever else no secret stands. */
function endOfWindow(
  text: string,
  cuts: readonly Cut[],
  { from, limit }: { readonly from: number; readonly limit: number },
): number {
  const lineEnd = text.lastIndexOf('\n', limit - 1) + 1;
  const end = lineEnd > Math.max(from, limit - LINE_SEARCH) ? lineEnd : withoutHalf(text, limit);
  return cuts.find((cut) => cut.start < end && cut.end > end)?.end ?? end;
}

/** Not between the halves of a character or of a line end. */
function withoutHalf(text: string, end: number): number {
  return /[\ud800-\udbff\r]/.test(text.charAt(end - 1)) ? end - 1 : end;
}
