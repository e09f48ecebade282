/** Columns that a text takes on a terminal. */
export type Measure = (text: string) => number;

/** Latin, Greek, Cyrillic and general punctuation take one column each; anything else needs the tables of a library. */
const NEEDS_TABLES =
  /[^\u0020-\u007E\u00A0-\u02FF\u0370-\u052F\u2010-\u2027\u2030-\u205E\u2190-\u21FF\u2500-\u25FF\u2713\u2717\u26A0]/;

/**
 * A measure good for every text in `sample`. The width tables build an Intl.Segmenter, which costs more than the rest of
 * a small report, so they are loaded only when some character asks for them.
 */
export async function measureFor(sample: string): Promise<Measure> {
  if (!NEEDS_TABLES.test(sample)) return (text) => text.length;
  const { default: stringWidth } = await import('string-width');
  return (text) => stringWidth(text, { ambiguousIsNarrow: true });
}

export function padEnd(text: string, width: number, measure: Measure): string {
  return text + ' '.repeat(Math.max(0, width - measure(text)));
}

/**
 * Breaks a text into lines no wider than `width`: at spaces, or inside a word that is wider than a whole line (a path).
 * Always returns at least one line; a width below 16 is treated as 16, since nothing readable fits into less.
 */
export function wrap(text: string, width: number, measure: Measure): string[] {
  const limit = Math.max(16, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (measure(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, limit, measure);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function breakWord(word: string, limit: number, measure: Measure): string[] {
  if (measure(word) <= limit) return [word];
  const pieces: string[] = [];
  let piece = '';
  let pieceWidth = 0;
  for (const character of word) {
    const characterWidth = measure(character);
    if (pieceWidth + characterWidth > limit) {
      pieces.push(piece);
      piece = '';
      pieceWidth = 0;
    }
    piece += character;
    pieceWidth += characterWidth;
  }
  return [...pieces, piece];
}

const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Keeps a right-to-left name from reordering the columns around it on terminals that apply the bidi algorithm. */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

const SPELLED: Readonly<Record<string, string>> = {
  '·': '|',
  '—': '-',
  '–': '-',
  '…': '...',
  '→': '->',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
};

/** Pure ASCII: punctuation has its plain twin, other characters become their `\u{…}` escape. */
export function toAscii(text: string): string {
  return text.replaceAll(
    /[\u0080-\u{10FFFF}]/gu,
    (character) => SPELLED[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
