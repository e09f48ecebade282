import type { ToolResult } from '../tool.ts';
import type { TruncationPolicy } from '../truncate.ts';
import { commandResult } from './output-format.ts';
import type { CommandSession } from './session.ts';

const CHUNK_IDS = 0x1000000;

/** Answers with what a command printed since the last answer. */
export function reportOn(
  session: CommandSession,
  {
    wallTimeMs,
    truncation,
    random,
    note,
  }: {
    readonly wallTimeMs: number;
    readonly truncation: TruncationPolicy;
    readonly random: () => number;
    readonly note?: string;
  },
): ToolResult {
  const exitCode = session.exitCode();
  const { text, totalBytes } = session.takeOutput();
  return commandResult({
    chunkId: Math.floor(random() * CHUNK_IDS)
      .toString(16)
      .padStart(6, '0'),
    wallTimeMs,
    state:
      exitCode === undefined
        ? { kind: 'running', sessionId: session.facts.processId ?? 0 }
        : { kind: 'exited', exitCode },
    output: text,
    totalBytes,
    truncation,
    ...(note === undefined ? {} : { note }),
  });
}
