/** Of what a pattern over ids may consist: no groups and no repeats, by which a few characters could cost minutes. */
const PATTERN = /^[\w.,*?{}[\]!-]+$/;
/** Each `*` multiplies the ways in which a long id can fail to match. Ids have two or three parts. */
const MOST_STARS = 6;

/** Whether it is written as a pattern over ids (`state.*`, `{auth,mcp}.*`), and not as an id. */
export const isGlob = (text: string): boolean => /[*?[{!]/.test(text);

/** Whether an id is the one that is named, or matches the glob. What cannot be a pattern matches nothing. */
export async function idMatcher(pattern: string): Promise<(id: string) => boolean> {
  // Plain ids need no glob library, and they are what is mostly written.
  if (!isGlob(pattern)) return (id) => id === pattern;
  const stars = pattern.replaceAll(/\*+/g, '*').split('*').length - 1;
  if (!PATTERN.test(pattern) || stars > MOST_STARS) return () => false;
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch(pattern, { dot: true, noextglob: true });
  return (id) => matches(id);
}
