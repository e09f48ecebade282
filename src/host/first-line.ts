/** As much of a program's words as fits into a sentence. */
const MAX_LINE = 200;

/** The first line of an output that says something, without control characters. */
export function firstLine(output: string): string {
  const line = output.split(/\r?\n/).find((text) => text.trim() !== '') ?? '';
  return line
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_LINE);
}
