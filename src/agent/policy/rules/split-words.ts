/** Splits an example of a rule as a POSIX shell splits words; undefined when a quote or a backslash is left open. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  const word = /(?:[^\s'"\\]|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*")+/y;
  for (let at = 0; ; at = word.lastIndex) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (at === text.length || text[at] === '#') return words;
    word.lastIndex = at;
    const found = word.exec(text)?.[0];
    if (found === undefined || !/^(?:\s|$)/.test(text.slice(word.lastIndex, word.lastIndex + 1)))
      return undefined;
    words.push(unquote(found));
  }
}

const unquote = (word: string): string =>
  word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])/g,
    (_, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
      single ??
      double?.replaceAll(/\\([$`"\\\n])/g, (__, inner: string) => (inner === '\n' ? '' : inner)) ??
      (escaped === '\n' ? '' : (escaped ?? '')),
  );
