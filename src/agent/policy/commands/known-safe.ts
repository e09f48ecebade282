import { basename } from 'node:path';
import { isFromSystem } from './script.ts';
import type { Word } from './words.ts';

type Judge = (options: readonly string[]) => boolean;
const always: Judge = () => true;

/** Programs that only read, whatever their arguments. */
const READERS =
  'cat cd cut echo expr false grep head id ls nl paste pwd rev seq stat tail tr true uname wc which whoami';
const LINUX_READERS = 'numfmt tac';

const FIND_ACTIONS: ReadonlySet<string> = new Set(
  '-exec -execdir -ok -okdir -delete -fls -fprint -fprint0 -fprintf'.split(' '),
);

/** Programs that only read as long as their arguments do not say otherwise. */
const CONDITIONAL: Readonly<Record<string, Judge>> = {
  base64: (given) => !hasOption(given, { long: ['--output'], short: 'o' }),
  find: (given) => !given.some((word) => FIND_ACTIONS.has(word)),
  rg: (given) => !hasOption(given, { long: ['--pre', '--hostname-bin', '--search-zip'], short: 'z' }),
  git: isReadingGit,
  sed: isPrintingSed,
  // A second file is the one that it writes; behind `--` anything is a file.
  uniq: (given) =>
    !given.includes('--') && given.filter((word) => word === '-' || !word.startsWith('-')).length <= 1,
};

const judges = (names: string): [string, Judge][] => names.split(' ').map((name) => [name, always]);
const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ...judges(READERS),
  ...(process.platform === 'linux' ? judges(LINUX_READERS) : []),
  ...Object.entries(CONDITIONAL),
]);

/** Whether a command is known to read only, so that nobody needs to be asked (spec/agent-core.md 3.2). */
export function isKnownSafe(words: readonly Word[]): boolean {
  const [program, ...given] = words;
  // A name that expands can become an option: a file may be called `-delete`.
  if (!program || words.some(({ expands }) => expands) || !isFromSystem(program.text)) return false;
  return JUDGES.get(basename(program.text))?.(given.map(({ text }) => text)) ?? false;
}

/**
 * Whether one of the options is given: whole, abbreviated as GNU programs and git take it, with `=value`, or a short one among other
 * letters behind one dash.
 */
function hasOption(
  given: readonly string[],
  { long, short }: { readonly long: readonly string[]; readonly short?: string },
): boolean {
  return given.some((word) => {
    if (word.startsWith('--')) {
      const [name = ''] = word.split('=');
      return name.length > 2 && long.some((option) => option.startsWith(name));
    }
    return short !== undefined && word.startsWith('-') && word.includes(short);
  });
}

const GIT_READERS: ReadonlySet<string> = new Set(['status', 'log', 'diff', 'show']);
/** Options that write a file or run a program. */
const GIT_ACTIONS = ['--output', '--ext-diff', '--textconv', '--exec', '--paginate'];
const BRANCH_READERS: ReadonlySet<string> = new Set(
  '--list -l --show-current --all -a --remotes -r --verbose -v -vv'.split(' '),
);

/** No option before the subcommand is let through: `-c core.pager=…` runs a program, `-C` and others lead elsewhere. */
function isReadingGit(given: readonly string[]): boolean {
  const [subcommand, ...rest] = given;
  if (subcommand === undefined) return false;
  if (GIT_READERS.has(subcommand)) return !hasOption(rest, { long: GIT_ACTIONS });
  return (
    subcommand === 'branch' && rest.every((word) => BRANCH_READERS.has(word) || word.startsWith('--format='))
  );
}

/** `sed -n N[,M]p [FILE]` and nothing more: any other script or option can write and execute. */
function isPrintingSed(given: readonly string[]): boolean {
  const [quiet, script, file, ...more] = given;
  return (
    quiet === '-n' &&
    script !== undefined &&
    /^\d+(?:,\d+)?p$/.test(script) &&
    more.length === 0 &&
    (file === undefined || file === '-' || !file.startsWith('-'))
  );
}
