/** A form of a text in which to look for secrets, and where each of its characters stands in the text itself. */
export interface Haystack {
  readonly text: string;
  /** Offset in the original for an offset in {@link text}. */
  readonly originalOffset: (offset: number) => number;
  /** Offset in the original where the character before an offset in {@link text} ends. */
  readonly originalEnd: (offset: number) => number;
}

/** Builds a form of a text out of pieces, each of which stands for a stretch of the original. */
export interface PieceWriter {
  /** Characters that stand as they are. */
  readonly keep: (text: string, from: number) => void;
  /** Characters that a stretch means as a whole: it is hidden whole or not at all. */
  readonly decoded: (text: string, from: number, to: number) => void;
  readonly finish: () => Haystack;
}

/** Where a piece ends that stands for each of its characters. */
const KEPT = -1;

export function createPieceWriter(): PieceWriter {
  let text = '';
  // A text may be written out character by character, so a piece is no object of its own.
  const [offsets, begins, ends]: [number[], number[], number[]] = [[], [], []];
  const add = (piece: string, from: number, to: number): void => {
    if (piece === '') return;
    offsets.push(text.length);
    begins.push(from);
    ends.push(to);
    text += piece;
  };
  const pieceAt = (offset: number): number => {
    let [low, high] = [0, offsets.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const originalIn = (piece: number, offset: number, whole: number): number =>
    ends[piece] === KEPT ? (begins[piece] ?? 0) + (offset - (offsets[piece] ?? 0)) : whole;
  return {
    keep: (piece, from) => add(piece, from, KEPT),
    decoded: add,
    finish: () => ({
      text,
      originalOffset: (offset) => {
        const piece = pieceAt(offset);
        return originalIn(piece, offset, begins[piece] ?? 0);
      },
      originalEnd: (offset) => {
        const piece = pieceAt(offset - 1);
        return originalIn(piece, offset, ends[piece] ?? 0);
      },
    }),
  };
}
