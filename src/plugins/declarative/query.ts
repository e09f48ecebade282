/** A text, a quoted name or a comment: what stands in them is no SQL. */
const QUOTED_OR_COMMENT =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|(--[^\n]*|\/\*[^]*?(?:\*\/|$))/g;

/** A query without its comments, and without the semicolon at its end. */
export const bareQuery = (query: string): string =>
  query
    .replaceAll(QUOTED_OR_COMMENT, (text, comment: string | undefined) =>
      comment === undefined ? text : ' ',
    )
    .trim()
    .replace(/[;\s]+$/, '');

/**
 * Why a statement is not asked, or undefined. Only what reads is: the database is opened for reading alone, and still
 * ATTACH and VACUUM INTO would write elsewhere.
 */
export function problemOfQuery(query: string): string | undefined {
  const bare = bareQuery(query);
  if (!/^(?:SELECT|WITH|VALUES)\b/i.test(bare))
    return 'one statement that begins with SELECT, WITH or VALUES';
  return bare.replaceAll(QUOTED_OR_COMMENT, 'x').includes(';') ? 'one statement alone' : undefined;
}
