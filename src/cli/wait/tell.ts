import { ascii, unicode } from '../../../reporters/text/glyphs.ts';
import { toAscii } from '../../../reporters/text/layout.ts';
import { verdictLine } from '../../../reporters/text/verdict.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import { visibleInOneLine } from '../../redact/control.ts';

/** Says on standard error how the waiting goes: one line that is rewritten on a terminal, a line per change elsewhere. */
export interface Teller {
  looking(): void;
  seen(report: RedactedReport, more: { readonly isNew: boolean; readonly pauseMs: number }): void;
  /** Clears the line of a terminal; nothing is written afterwards but by {@link Teller.say}. */
  end(): void;
  /** A line that stays. */
  say(text: string): void;
}

interface TellerOptions {
  readonly write: (text: string) => void;
  /** Of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  readonly isAscii: boolean;
  /** Milliseconds since the waiting began. */
  readonly elapsedMs: () => number;
  readonly forMs: number;
}

const ERASE_LINE = '\r\u001B[2K';
const LEAST_COLUMNS = 20;

export function createTeller({ write, columns, isAscii, elapsedMs, forMs }: TellerOptions): Teller {
  let verdict = 'Examining';
  const plain = (text: string): string => {
    const line = visibleInOneLine(text);
    return isAscii ? toAscii(line) : line;
  };
  const draw = (): void => {
    if (columns === undefined) return;
    const line = plain(`Waiting ${seconds(elapsedMs())} of ${seconds(forMs)}: ${verdict}`);
    write(ERASE_LINE + line.slice(0, Math.max(LEAST_COLUMNS, columns - 1)));
  };
  const say = (text: string): void => write(`${plain(`stethos: ${text}`)}\n`);
  return {
    looking: draw,
    seen: (report, { isNew, pauseMs }) => {
      verdict = verdictLine(report, isAscii ? ascii : unicode);
      draw();
      if (columns === undefined && isNew)
        say(`after ${seconds(elapsedMs())}: ${verdict} (next look in ${seconds(pauseMs)})`);
    },
    end: () => {
      if (columns !== undefined) write(ERASE_LINE);
    },
    say,
  };
}

/** `0.4 s`, `12 s`. */
export function seconds(durationMs: number): string {
  const tenths = durationMs < 10_000 ? 10 : 1;
  return `${Math.round((durationMs / 1_000) * tenths) / tenths} s`;
}
