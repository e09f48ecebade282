import { join } from 'node:path';
import type { Files, FileType, PathFault } from './files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A folder that a variable names for descriptions of terminals. */
export interface TerminfoPlace {
  readonly variable: 'TERMINFO' | 'TERMINFO_DIRS';
  readonly path: string;
  readonly state: FileType | PathFault['kind'];
}

export interface TerminfoFacts {
  /** What `TERMINFO` and `TERMINFO_DIRS` name, in the order in which they are searched. */
  readonly named: readonly TerminfoPlace[];
  /** Where the description of the terminal stands; undefined when it is nowhere or cannot be told. */
  readonly entry: string | undefined;
}

/** Where systems keep their descriptions, whatever their ncurses was built for. */
const SYSTEM_FOLDERS = [
  '/etc/terminfo',
  '/lib/terminfo',
  '/usr/share/terminfo',
  '/usr/lib/terminfo',
  '/usr/local/share/terminfo',
  '/usr/share/misc/terminfo',
  '/opt/homebrew/share/terminfo',
];

/** Looks for the description of a terminal where ncurses does (terminfo(5)). */
export function findTerminfo(
  term: string,
  env: Environment,
  { files, userDirectory }: { readonly files: Pick<Files, 'look'>; readonly userDirectory: string },
): TerminfoFacts {
  const place = (variable: TerminfoPlace['variable'], path: string): TerminfoPlace => {
    const seen = files.look(path);
    return { variable, path, state: seen.kind === 'found' ? seen.type : seen.kind };
  };
  // A value may also hold the whole description, as `hex:…` or `b64:…`.
  const single = env['TERMINFO'];
  const isInline = single !== undefined && /^(?:hex|b64):/.test(single);
  const listed = (env['TERMINFO_DIRS'] ?? '').split(':').filter((path) => path !== '');
  const named = [
    ...(single && !isInline ? [place('TERMINFO', single)] : []),
    ...listed.map((path) => place('TERMINFO_DIRS', path)),
  ];
  const folders = [...named.map(({ path }) => path), join(userDirectory, '.terminfo'), ...SYSTEM_FOLDERS];
  return { named, entry: isInline ? 'TERMINFO itself' : entryIn(folders, term, files) };
}

function entryIn(folders: readonly string[], term: string, files: Pick<Files, 'look'>): string | undefined {
  // The name becomes a part of a path.
  if (!/^[\w.+-]+$/.test(term)) return undefined;
  const letter = term.charAt(0);
  // File systems that ignore case use the letter's number.
  const shelves = [letter, letter.charCodeAt(0).toString(16)];
  return folders
    .flatMap((folder) => shelves.map((shelf) => join(folder, shelf, term)))
    .find((path) => {
      const seen = files.look(path);
      return seen.kind === 'found' && seen.type === 'file';
    });
}
