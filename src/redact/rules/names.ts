import { byPattern, escapeLiteral, isAfterEscape } from './rule.ts';
import type { RedactionRule } from './rule.ts';

/** What the redactor knows by name. */
export interface KnownNames {
  /** The user's home directory, shown as `~`. `/`, a bare drive and an empty path hide nothing. */
  readonly userDirectory?: string;
  /** Hidden wherever it stands as a word, unless it is too short or too common to be told from other words. */
  readonly userName?: string;
  readonly hostName?: string;
}

/** Rules for what is private only on this machine. */
export function rulesForNames({
  userDirectory = '',
  userName = '',
  hostName = '',
}: KnownNames): RedactionRule[] {
  return [
    ...homeRule(userDirectory),
    ...wordRule('user', 'The name of the user', userName),
    ...wordRule('host', 'The name of this machine', hostName),
  ];
}

function homeRule(userDirectory: string): RedactionRule[] {
  const segments = userDirectory.split(/[\\/]+/).filter((segment) => segment !== '');
  const onWindows = /^(?:[A-Za-z]:|\\\\)/.test(userDirectory);
  const last = segments.at(-1);
  if (last === undefined || segments.length < (onWindows ? 2 : 1)) return [];
  if (!onWindows && !userDirectory.startsWith('/')) return [];
  const separator = onWindows ? String.raw`(?:[\\/]+|%5C|%2F)` : String.raw`(?:(?:\\?\/)+|%2F)`;
  const root = onWindows ? '' : String.raw`(?:\\?\/|%2F)`;
  const path = segments.map((segment) => `(?:${spellings(segment).map(escapeLiteral).join('|')})`);
  return [
    {
      id: 'home-directory',
      finds: "The user's home directory",
      hints: spellings(last).map((spelling) => (onWindows ? spelling.toLowerCase() : spelling)),
      ignoreCase: onWindows,
      shownAs: '~',
      find: byPattern({
        mayStandAt: isBehindSeparator,
        source: root + path.join(separator),
        before: userDirectory.length * LONGEST_SPELLING,
        after: userDirectory.length * LONGEST_SPELLING,
        flags: onWindows ? 'i' : '',
        accepts: ({ text, start, end }) => beginsPath(text, start) && !continuesName(text, end),
      }),
    },
  ];
}

/** A slash, a backslash, or the last letter of `%2F` or `%5C`. */
const isBehindSeparator = (text: string, place: number): boolean => /[\\/FC]/i.test(text.charAt(place - 1));

/** Characters that one character of a path can be written with. */
const LONGEST_SPELLING = 12;

/** As it is, as in a URL, as in JSON that keeps to ASCII, and as one word of a shell. */
function spellings(segment: string): string[] {
  const ascii = segment.replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [
    ...new Set([
      segment,
      encodeURIComponent(segment.toWellFormed()),
      encodeURI(segment.toWellFormed()),
      ascii,
      `'${segment.replaceAll("'", String.raw`'\''`)}'`,
    ]),
  ];
}

/** Places below which a whole file system, and so its `/home`, may stand. */
const MOUNT =
  /(?:^|[^\w/.-])(?:\/(?:mnt|media|export|private|data|var|host|rootfs|net|Volumes|System\/Volumes\/Data)(?:\/[\w-]{1,32})?|\/[a-z])$/;
const LONGEST_MOUNT = 64;

/** True where an absolute path begins: not within a longer one, nor behind the host of a URL. */
function beginsPath(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - LONGEST_MOUNT), index);
  if (/(?:^|[^\w/.~)\]}\\-])$/.test(before)) return true;
  // `-I/home/…`, `file:///home/…` and the backslash of `\/home` or of an escaped line end.
  return (
    /(?:(?:^|[^\w-])-[A-Za-z]|file:(?:\\?\/){2}(?:localhost)?)$/i.test(before) || isAfterEscape(text, index)
  );
}

/** True where a name goes on, so that what was found is only the beginning of another name. */
function continuesName(text: string, index: number): boolean {
  return /^(?:[\w@+-]|\.\w|%(?!2F|5C|20|22|27|3A))/i.test(text.slice(index, index + 3));
}

const UNIX_NAME = String.raw`(?:[^\s/\\"'<>|:;,*?&()[\]{}=%$${'`'}~#!]|%(?!2F|5C|20|22|27|3A)[0-9A-F]{2})+`;
const WINDOWS_WORD = String.raw`[^\s\\/:*?"'<>|,;()${'`'}]+`;
/** Accounts that say nothing about a person. */
const SHARED_ACCOUNTS: ReadonlySet<string> = new Set(
  (
    'shared public default defaultuser0 guest linuxbrew runner runneradmin codespace vscode node ubuntu user ' +
    'username name you me'
  ).split(' '),
);

/** The name in any home directory; the path around it stays readable. */
export const HOME_RULES: readonly RedactionRule[] = [
  {
    id: 'user',
    finds: 'User names in the paths of home directories',
    hints: ['home', 'Users'],
    find: byPattern({
      mayStandAt: isBehindSeparator,
      before: 8,
      after: 32,
      source: String.raw`(?:(?:\\?\/|%2F)(?:home|Users)(?:(?:\\?\/)+|%2F)|\\{1,4}home\\{1,4})(?<secret>${UNIX_NAME})`,
      accepts: ({ secret, text, matchStart }) =>
        !isShared(secret) &&
        (beginsPath(text, matchStart) ||
          text.charAt(matchStart) === '\\' ||
          MOUNT.test(text.slice(Math.max(0, matchStart - LONGEST_MOUNT), matchStart))),
    }),
  },
  {
    id: 'user',
    finds: 'User names in the paths of home directories of Windows',
    hints: ['users'],
    ignoreCase: true,
    find: byPattern({
      mayStandAt: isBehindSeparator,
      before: 32,
      after: 64,
      source: String.raw`[A-Za-z](?::|%3A)(?:[\\/]+|%5C|%2F)Users(?:[\\/]+|%5C|%2F)(?<secret>${WINDOWS_WORD}(?: ${WINDOWS_WORD}){0,2}(?=[\\/])|${WINDOWS_WORD})`,
      flags: 'i',
      accepts: ({ secret }) => !isShared(secret),
    }),
  },
];

// A hidden file there belongs to no account.
const isShared = (name: string): boolean => name.startsWith('.') || SHARED_ACCOUNTS.has(name.toLowerCase());

/** Shorter names occur within ordinary text. */
const MIN_NAME_LENGTH = 3;
/** Names of accounts and machines that are ordinary words in a report. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'root admin administrator user users dev developer test tester home local localhost localdomain build builder ' +
    'ci agent codex stethos openai daemon nobody system service server client host docker container git www app ' +
    'data database main master default public private shared guest runner node ubuntu debian fedora arch alpine ' +
    'linux windows darwin macos mac pc laptop desktop work workspace project src lib bin etc usr var tmp opt proc ' +
    'sys run mnt media log logs cache config state auth mcp model network proxy true false null none unknown ok fail'
  ).split(' '),
);

const WORD_CHARACTER = /[\w\u00c0-\u1fff\u2c00-\udfff]/;

function wordRule(id: string, finds: string, name: string): RedactionRule[] {
  if (name.length < MIN_NAME_LENGTH || COMMON_WORDS.has(name.toLowerCase()) || /^[\d.:]+$/.test(name))
    return [];
  return [
    {
      id,
      finds,
      hints: [name],
      find: byPattern({
        beginsWithHint: true,
        source: escapeLiteral(name),
        accepts: ({ text, start, end }) =>
          !WORD_CHARACTER.test(text.charAt(end)) &&
          (!WORD_CHARACTER.test(text.charAt(start - 1)) || isAfterEscape(text, start)),
      }),
    },
  ];
}
