import type { Style } from '../../reporters/reporter.ts';

/** What the command line says about looks. */
export interface Look {
  readonly noColor: boolean;
  readonly ascii: boolean;
  readonly all: boolean;
}

/** A page this wide is read comfortably; wider terminals keep the lines short. */
const WIDEST = 120;
/** Assumed for a pipe or a file, where nothing wraps by itself. */
const WIDTH_WITHOUT_TERMINAL = 100;

/** Flags, then `FORCE_COLOR`, then `NO_COLOR`, then `TERM=dumb`, then whether standard output is a terminal. */
export function styleFor({ noColor, ascii, all }: Look): Style {
  return { color: wantsColor(noColor), ascii, all, width: widthOf(process.stdout.columns) };
}

function wantsColor(noColor: boolean): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  if (noColor) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR || TERM === 'dumb') return false;
  return process.stdout.isTTY;
}

function widthOf(columns: number | undefined): number {
  const named = Number(process.env['COLUMNS']);
  if (columns) return Math.min(columns, WIDEST);
  return Number.isInteger(named) && named > 0 ? Math.min(named, WIDEST) : WIDTH_WITHOUT_TERMINAL;
}
