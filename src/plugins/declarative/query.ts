/** Whitespace and comments may stand before the statement. */
const BEFORE = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/;

/**
 * Why a statement is not asked, or undefined. Only what reads is: the database is opened for reading alone, and still
 * ATTACH and VACUUM INTO would write elsewhere.
 */
export function problemOfQuery(query: string): string | undefined {
  const statement = query.replace(BEFORE, '');
  if (!/^(?:SELECT|WITH|VALUES)\b/i.test(statement))
    return 'one statement that begins with SELECT, WITH or VALUES';
  return undefined;
}
