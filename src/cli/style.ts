import { supportsLinks } from '../host/links.ts';
import { chooseColor } from '../host/terminal.ts';
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

/** For formats that have no looks: finding out about the terminal costs time. */
export const PLAIN: Style = { color: false, ascii: true, all: true, width: WIDTH_WITHOUT_TERMINAL };

/** How a page for people looks on standard output. */
export async function styleFor({ noColor, ascii, all }: Look): Promise<Style> {
  const { env } = process;
  const { isTTY, columns } = process.stdout;
  const { enabled } = chooseColor({ env, stdoutIsTerminal: isTTY, noColor });
  const style: Style = { color: enabled, ascii, all, width: widthOf(columns) };
  // Paths of pages name the user, and a pipe may lead anywhere.
  if (!isTTY || !supportsLinks({ env, stdoutIsTerminal: isTTY })) return style;
  const { checkPages } = await import('./check-pages.ts');
  return { ...style, links: true, pages: checkPages() };
}

function widthOf(columns: number | undefined): number {
  const named = Number(process.env['COLUMNS']);
  if (columns) return Math.min(columns, WIDEST);
  return Number.isInteger(named) && named > 0 ? Math.min(named, WIDEST) : WIDTH_WITHOUT_TERMINAL;
}
