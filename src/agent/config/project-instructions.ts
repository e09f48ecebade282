import { dirname, join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { ProjectFacts } from '../../target/config/facts.ts';

const OVERRIDE = 'AGENTS.override.md';
const USUAL = 'AGENTS.md';
/** Between what the user says for all projects and what the project says. */
const SEPARATOR = '\n\n--- project-doc ---\n\n';

interface Places {
  readonly home: string;
  readonly cwd: string;
  readonly project: ProjectFacts;
  readonly files: Pick<Files, 'readText' | 'look' | 'realpath'>;
}

/**
 * The text of the instruction files: the home's, then the project's from its root down to the working directory, as codex 0.169
 * joins them (measured). In each folder `AGENTS.override.md` stands for `AGENTS.md`. A project that is marked untrusted has no say.
 * @param maxBytes what the project's files may have together; the home's file is not counted
 * @param fallbackNames further names of a project's file, for folders without the usual ones
 */
export function projectInstructions(
  places: Places,
  { maxBytes, fallbackNames }: { readonly maxBytes: number; readonly fallbackNames: readonly string[] },
): string | undefined {
  const { home, project } = places;
  const own = [OVERRIDE, USUAL]
    .map((name) => textOf(join(home, name), places)?.trim())
    .find((text) => text !== undefined && text !== '');
  const names = [OVERRIDE, USUAL, ...fallbackNames];
  const parts: string[] = [];
  let left = project.trust === 'untrusted' ? 0 : maxBytes;
  for (const folder of foldersOf(places)) {
    // The first name that exists counts, even if its file is empty.
    const name = names.find((each) => isFile(join(folder, each), places));
    const text = name === undefined || left <= 0 ? undefined : textOf(join(folder, name), places);
    if (text === undefined || text.trim() === '') continue;
    const cut = cutToBytes(text, left);
    // Nothing follows what was cut, even if a byte is left because a character did not fit.
    left = cut === text ? left - Buffer.byteLength(text) : 0;
    if (cut !== '') parts.push(cut);
  }
  const together = parts.join('\n\n');
  if (together === '') return own;
  return own === undefined ? together : `${own}${SEPARATOR}${together}`;
}

/** From the project's root down to the working directory. */
function foldersOf({ cwd, project, files }: Places): string[] {
  const start = files.realpath(cwd) ?? cwd;
  const folders: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === project.root) return folders;
    if (dirname(folder) === folder) return [start];
  }
}

function isFile(path: string, { files }: Places): boolean {
  const seen = files.look(path);
  return seen.kind === 'found' && seen.type === 'file';
}

function textOf(path: string, { files }: Places): string | undefined {
  const read = files.readText(path);
  return read.kind === 'read' ? read.text : undefined;
}

/** Never inside of a character. */
function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
