/**
 * A path as one word of a POSIX shell. Only the parts of the path that need it are quoted: a report shows the user's
 * home as `~`, and a shell expands that where it stands outside quotes alone.
 */
export const shellPath = (path: string): string => path.split('/').map(shellWord).join('/');

/** A command as somebody would type it into a POSIX shell, each argument quoted where it has to be. */
export const shellCommand = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word) || "''")).join(' ');

function shellWord(word: string): string {
  if (/^[\w@%+=:,.-]*$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  // Written out, so that what the reader copies is what the shell gets: a report shows no control character as it is.
  return `$'${word.replaceAll(/['\\]|\p{Cc}/gu, escaped)}'`;
}

const escaped = (character: string): string =>
  /['\\]/.test(character)
    ? `\\${character}`
    : [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
