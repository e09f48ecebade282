/** One step is a key, or an index into a list. */
export type KeyPath = readonly (string | number)[];

const BARE_KEY = /^[A-Za-z0-9_-]+$/;
/** A hostile key can be megabytes long; no key that a person wrote is longer than this. */
const MAX_SHOWN_KEY = 80;

/** Splits a dotted key path as TOML does: quoted parts keep their dots. Never throws; odd quoting is taken literally. */
export function splitKeyPath(keyPath: string): string[] {
  if (!/["']/.test(keyPath)) return keyPath.split('.');
  const parts: string[] = [];
  for (let rest = keyPath; ;) {
    const quoted = /^\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:\.|$)/.exec(rest);
    const part = quoted ?? /^([^.]*)(?:\.|$)/.exec(rest);
    if (!part) return [...parts, rest];
    parts.push(quoted?.[1] === undefined ? (part[1] ?? part[2] ?? '') : unescape(quoted[1]));
    if (part[0].length === rest.length && !part[0].endsWith('.')) return parts;
    rest = rest.slice(part[0].length);
  }
}

/** The path as the user would write it; long keys are cut, unprintable characters escaped. */
export function formatKeyPath(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += (text === '' ? '' : '.') + formatKey(step);
  }
  return text;
}

function formatKey(key: string): string {
  const shown = key.length > MAX_SHOWN_KEY ? `${key.slice(0, MAX_SHOWN_KEY)}…` : key;
  return BARE_KEY.test(shown) ? shown : JSON.stringify(shown);
}

function unescape(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
