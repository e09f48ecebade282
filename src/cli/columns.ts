import { measureFor, padEnd } from '../../reporters/text/layout.ts';
import { visibleInOneLine } from '../redact/control.ts';

const GAP = '  ';

/** A table for a terminal: a line for each row, columns in line, whatever the cells hold. Ends in one newline. */
export async function columns(rows: readonly (readonly string[])[]): Promise<string> {
  const cells = rows.map((row) => row.map(visibleInOneLine));
  const measure = await measureFor(cells.flat().join(''));
  const widths = cells.reduce<number[]>((widest, row) => {
    for (const [index, cell] of row.entries()) widest[index] = Math.max(widest[index] ?? 0, measure(cell));
    return widest;
  }, []);
  const lines = cells.map((row) =>
    row
      .map((cell, index) => padEnd(cell, widths[index] ?? 0, measure))
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
