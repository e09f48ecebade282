import { parseHunks } from './parse-hunks.ts';
import type { Hunk, ParsedPatch } from './patch.ts';

const BEGIN = '*** Begin Patch';
const END = '*** End Patch';
/** Some models put the here-document of a shell around a patch that never sees one. */
const HEREDOC = /^<<(?:EOF|'EOF'|"EOF")$/;
/** Its two lines and the two markers. */
const MIN_HEREDOC_LINES = 4;
/** The line behind `*** Begin Patch`, as people count. */
const FIRST_HUNK_LINE = 2;

/** Reads a patch (grammar of spec/agent-core.md 2.3). Blanks around the markers and one here-document around all are forgiven. */
export function parsePatch(text: string): ParsedPatch {
  const lines = withoutHeredoc(linesOf(text.trim()));
  if (lines[0]?.trim() !== BEGIN) return invalid(`the first line of a patch must be "${BEGIN}"`);
  if (lines.length < 2 || lines.at(-1)?.trim() !== END)
    return invalid(`the last line of a patch must be "${END}"`);
  const { hunks, fault } = parseHunks(lines.slice(1, -1), FIRST_HUNK_LINE);
  if (fault) return invalid(`line ${fault.lineNumber}: ${fault.message}`);
  return { kind: 'parsed', hunks };
}

/**
 * The hunks of a patch of which more is to come: what the whole lines say so far. The last update may lack chunks, an added
 * file may lack lines.
 */
export function parsePartialPatch(text: string): readonly Hunk[] {
  const [first = '', second = '', ...rest] = linesOf(text.trimStart());
  const body = HEREDOC.test(first.trim()) ? rest : [second, ...rest];
  const begin = HEREDOC.test(first.trim()) ? second : first;
  if (begin.trim() !== BEGIN) return [];
  // The last line has not come to its end, or is empty.
  return parseHunks(body.slice(0, -1), FIRST_HUNK_LINE).hunks;
}

const invalid = (message: string): ParsedPatch => ({ kind: 'invalid', message });

const linesOf = (text: string): string[] => text.split(/\r?\n/);

function withoutHeredoc(lines: readonly string[]): readonly string[] {
  const isWrapped =
    lines.length >= MIN_HEREDOC_LINES &&
    HEREDOC.test(lines[0]?.trim() ?? '') &&
    (lines.at(-1)?.trim().endsWith('EOF') ?? false);
  return isWrapped ? lines.slice(1, -1) : lines;
}
