/** Settings of a git configuration file in their order; a later one of the same key wins, where one is wanted. */
export type GitConfig = readonly GitSetting[];

export interface GitSetting {
  /** `section.key`, or `section.subsection.key`; section and key in lower case. */
  readonly key: string;
  /** A key without `=` means true. */
  readonly value: string | true;
}

const SECTION = /^\[([-\w.]+)(?:\s+"((?:[^"\\]|\\.)*)")?\]/;
const SETTING = /^([A-Za-z][-A-Za-z0-9]*)\s*(?:=\s*(.*))?$/;

/**
 * Reads git's configuration language as far as simple facts need it: sections, subsections, quotes, escapes, comments and
 * continued lines. Included files are not followed. What cannot be read is passed over.
 */
export function parseGitConfig(text: string): GitConfig {
  const settings: GitSetting[] = [];
  let section = '';
  for (let line of logicalLines(text)) {
    const header = SECTION.exec(line);
    if (header) {
      const [whole, name = '', subsection] = header;
      section = name.toLowerCase() + (subsection === undefined ? '' : `.${unescape(subsection)}`);
      line = line.slice(whole.length).trim();
    }
    const [, key, written] = SETTING.exec(line) ?? [];
    if (key === undefined || section === '') continue;
    settings.push({
      key: `${section}.${key.toLowerCase()}`,
      value: written === undefined ? true : plainValue(written),
    });
  }
  return settings;
}

/** The last value of a key, which is the one that counts. */
export function lastSetting(config: GitConfig, key: string): string | true | undefined {
  return config.findLast((setting) => setting.key === key)?.value;
}

/** Lines without blanks around and without comment lines; one that ends with an odd backslash goes on in the next. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const whole: string = open === undefined ? line.trimStart() : open + line;
    const isContinued = /(?:^|[^\\])(?:\\\\)*\\$/.test(whole) && !/^[#;]/.test(whole);
    open = isContinued ? whole.slice(0, -1) : undefined;
    if (!isContinued && !/^(?:[#;]|$)/.test(whole)) lines.push(whole.trimEnd());
  }
  return lines;
}

/** A value without quotes, escapes and the comment behind it; blanks count only inside quotes. */
function plainValue(written: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let at = 0; at < written.length; at += 1) {
    const character = written[at] ?? '';
    if (character === '"') quoted = !quoted;
    else if (character === '\\') {
      value += unescape(written.slice(at, at + 2));
      at += 1;
    } else if (!quoted && (character === '#' || character === ';')) break;
    else value += character;
    // An escape such as \\t is a blank that was meant.
    if (quoted || character.trim() !== '') kept = value.length;
  }
  return value.slice(0, kept);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

const unescape = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
