/** Longer addresses are not followed by VTE and iTerm2. */
const LONGEST_URL = 2_083;
const PRINTABLE = /^[\u0021-\u007e]+$/;

/**
 * OSC 8 (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). Pieces of one link have the same id, so that a
 * terminal shows them as one where it is broken over lines. An address that could leave the sequence makes no link.
 */
export function osc8(text: string, url: string, id?: number): string {
  if (text === '' || url.length > LONGEST_URL || !PRINTABLE.test(url)) return text;
  const parameters = id === undefined ? '' : `id=stethos${id}`;
  return `\u001B]8;${parameters};${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}

/** Web addresses as they stand in sentences, without what isolates their direction. */
const URLS = /https?:\/\/[^\s<>"'`|\\^{}\u2066-\u2069]+/g;
const SENTENCE_END = /[.,;:!?)\]]+$/;

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

function urlsIn(text: string): Stretch[] {
  return [...text.matchAll(URLS)].flatMap(({ 0: found, index }) => {
    // One of which a part is hidden leads elsewhere.
    if (found.length > LONGEST_URL || text[index + found.length] === '<') return [];
    const shown = found.replace(SENTENCE_END, '');
    const url = URL.parse(shown);
    // Credentials in an address never help who follows it.
    if (!url || url.username !== '' || url.password !== '') return [];
    return [{ start: index, end: index + shown.length, url: url.href }];
  });
}

/** Links the web addresses of a text in the lines that it was wrapped into. */
export function linkUrls(text: string, lines: readonly string[], nextId: () => number): string[] {
  const urls = urlsIn(text).map((stretch) => ({ ...stretch, id: nextId() }));
  if (urls.length === 0) return [...lines];
  let position = 0;
  let first = 0;
  return lines.map((line) => {
    // Each line is a stretch of the text; only spaces were left out between two of them.
    const start = Math.max(position, text.indexOf(line, position));
    const end = start + line.length;
    position = end;
    let made = '';
    let at = start;
    while ((urls[first]?.end ?? Infinity) <= start) first += 1;
    for (let index = first; (urls[index]?.start ?? Infinity) < end; index += 1) {
      const url = urls[index];
      if (!url) break;
      const [from, to] = [Math.max(url.start, start), Math.min(url.end, end)];
      made += text.slice(at, from) + osc8(text.slice(from, to), url.url, url.id);
      at = to;
    }
    return made + text.slice(at, end);
  });
}
