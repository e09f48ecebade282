import type { InputImage, InputText, ToolOutputContent } from '../protocol/item.ts';

/** How much text may reach the model (`ModelInfo.truncation`). */
export interface TruncationPolicy {
  readonly mode: 'bytes' | 'tokens';
  readonly limit: number;
}

/** No tokeniser is at hand, and none is needed: four bytes of UTF-8 count as one token (spec/agent-core.md 2.1). */
const BYTES_PER_TOKEN = 4;

/**
 * What history and MCP output may have beyond the policy: quotes and escapes that a tool adds around its own, already
 * cut text must not get it cut a second time.
 */
export const WIDE_ALLOWANCE = 1.2;

/** An estimate, rounded up. */
export const approximateTokens = (text: string): number => tokensOfBytes(Buffer.byteLength(text));

/** The same, for text that is known by its bytes of UTF-8. */
export const tokensOfBytes = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** The same policy with `factor` times the limit. */
export function scaledPolicy(policy: TruncationPolicy, factor: number): TruncationPolicy {
  return { mode: policy.mode, limit: Math.ceil(policy.limit * factor) };
}

/**
 * The text itself when the policy allows it; otherwise its first and its last half of the allowance, and between them a
 * mark that says how much is gone. Never cuts a character. The mark is not counted.
 */
export function truncateText(text: string, policy: TruncationPolicy): string {
  const maxBytes = bytesOf(policy);
  // A UTF-16 unit is at most three bytes, so most texts need not be measured.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text);
  const headBytes = Math.floor(maxBytes / 2);
  const head = bytes.subarray(0, characterBoundary(bytes, headBytes, 'back'));
  const tail = bytes.subarray(characterBoundary(bytes, bytes.length - (maxBytes - headBytes), 'forth'));
  const removed = bytes.subarray(head.length, bytes.length - tail.length);
  const mark =
    policy.mode === 'tokens'
      ? `…${tokensOfBytes(bytes.length - maxBytes)} tokens truncated…`
      : `…${countCharacters(removed)} chars truncated…`;
  return head.toString() + mark + tail.toString();
}

/** As `truncateText`; a cut text begins with how many lines the whole one has. */
export function truncateOutput(text: string, policy: TruncationPolicy): string {
  const cut = truncateText(text, policy);
  return cut === text ? text : `Total output lines: ${countLines(text)}\n\n${cut}`;
}

/**
 * Cuts what a tool answers. The texts of a list share one allowance, in their order: the one that passes it is cut, and
 * those behind it become one note. Images are no text and stay as they are.
 */
export function truncateContent(content: ToolOutputContent, policy: TruncationPolicy): ToolOutputContent {
  if (typeof content === 'string') return truncateText(content, policy);
  const kept: (InputText | InputImage)[] = [];
  let left = policy.limit;
  let omitted = 0;
  for (const item of content) {
    if (item.type === 'input_image') {
      kept.push(item);
      continue;
    }
    const cost = policy.mode === 'tokens' ? approximateTokens(item.text) : Buffer.byteLength(item.text);
    if (cost <= left) kept.push(item);
    else if (left > 0)
      kept.push({ ...item, text: truncateText(item.text, { mode: policy.mode, limit: left }) });
    else omitted += 1;
    left = Math.max(0, left - cost);
  }
  if (omitted > 0) kept.push({ type: 'input_text', text: `[${omitted} more text items were left out]` });
  return kept;
}

function bytesOf({ mode, limit }: TruncationPolicy): number {
  return Math.max(0, Math.floor(mode === 'tokens' ? limit * BYTES_PER_TOKEN : limit));
}

/** A byte that goes on with a character of UTF-8 begins with the bits 10. */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The next place at or before (`back`) or at or behind (`forth`) an offset where a character begins. */
function characterBoundary(bytes: Buffer, offset: number, direction: 'back' | 'forth'): number {
  let boundary = offset;
  while (isContinuation(bytes[boundary])) boundary += direction === 'back' ? -1 : 1;
  return boundary;
}

function countCharacters(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (!isContinuation(byte)) count += 1;
  return count;
}

/** A line break at the end ends a line; it does not begin another. */
function countLines(text: string): number {
  let count = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
