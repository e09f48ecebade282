/** What standard input can be for a command that wants text. */
export type InputText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'undecodable'; readonly encoding: string };

/**
 * Reads text that somebody piped in: UTF-8 with or without a byte order mark, or UTF-16 with one. UTF-32 is refused by name
 * (spec/agent-core.md 1.7), and so is what is no UTF-8.
 */
export function decodeInput(bytes: Uint8Array): InputText {
  const mark = MARKS.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
  if (mark?.decodes === false) return { kind: 'undecodable', encoding: mark.encoding };
  try {
    // The decoder takes the mark off by itself.
    const text = new TextDecoder(mark?.encoding ?? 'utf-8', { fatal: true }).decode(bytes);
    return { kind: 'text', text };
  } catch {
    return { kind: 'undecodable', encoding: 'text that is not UTF-8' };
  }
}

/** In this order: the mark of UTF-32 begins with that of UTF-16. */
const MARKS = [
  { start: [0xff, 0xfe, 0, 0], encoding: 'UTF-32', decodes: false },
  { start: [0, 0, 0xfe, 0xff], encoding: 'UTF-32', decodes: false },
  { start: [0xff, 0xfe], encoding: 'utf-16le', decodes: true },
  { start: [0xfe, 0xff], encoding: 'utf-16be', decodes: true },
] as const;
