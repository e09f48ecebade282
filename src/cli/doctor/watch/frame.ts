/** What is shown of one run. */
export interface Frame {
  /** The time of the run and how to end it. */
  readonly head: string;
  /** What changed since the run before; empty for the first. */
  readonly changes: readonly string[];
  /** The report as text. */
  readonly text: string;
}

const ESCAPE = '\u001B[';
/** The terminal shows everything between these at once, where it can (mode 2026); others do not mind. */
const TOGETHER = { begin: `${ESCAPE}?2026h`, end: `${ESCAPE}?2026l` };
/** A line that is too long is cut instead of taking two. */
const WRAPPING = { off: `${ESCAPE}?7l`, on: `${ESCAPE}?7h` };
const HOME = `${ESCAPE}H`;
const CLEAR_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;

/** Without a terminal every run stands below the one before. */
export const frameForFile = ({ head, changes, text }: Frame): string =>
  `--- ${head} ---\n${changes.map((line) => `${line}\n`).join('')}\n${text}\n`;

/**
 * Draws over what stands there. Leaves every mode as it was, so that a terminal is clean whenever the process ends.
 * @param rows of the terminal; what does not fit is counted, since a frame that scrolls cannot be drawn over
 */
export function frameForTerminal({ head, changes, text }: Frame, rows: number): string {
  const above = [head, ...changes, ''];
  const lines = text.trimEnd().split('\n');
  // The last row stays free for the cursor.
  const room = Math.max(1, rows - 1 - above.length);
  const shown =
    lines.length <= room
      ? lines
      : [...lines.slice(0, room - 1), `${lines.length - room + 1} more lines: a taller window shows them`];
  const drawn = [...above, ...shown].map((line) => `${line}${CLEAR_LINE}\n`).join('');
  return `${TOGETHER.begin}${WRAPPING.off}${HOME}${drawn}${CLEAR_BELOW}${WRAPPING.on}${TOGETHER.end}`;
}
