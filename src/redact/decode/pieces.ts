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

interface Piece {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly isKept: boolean;
}

export function createPieceWriter(): PieceWriter {
  const texts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  const add = (text: string, piece: Omit<Piece, 'at'>): void => {
    if (text === '') return;
    pieces.push({ at: length, ...piece });
    texts.push(text);
    length += text.length;
  };
  const pieceAt = (offset: number): Piece => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return pieces[low] ?? { at: 0, from: 0, to: 0, isKept: true };
  };
  return {
    keep: (text, from) => add(text, { from, to: from + text.length, isKept: true }),
    decoded: (text, from, to) => add(text, { from, to, isKept: false }),
    finish: () => ({
      text: texts.join(''),
      originalOffset: (offset) => {
        const { at, from, isKept } = pieceAt(offset);
        return isKept ? from + (offset - at) : from;
      },
      originalEnd: (offset) => {
        const { at, from, to, isKept } = pieceAt(offset - 1);
        return isKept ? from + (offset - at) : to;
      },
    }),
  };
}
