import type { JsonObject } from '../../../host/json.ts';
import type { ToolResult } from '../tool.ts';
import { tokensOfBytes, truncateOutput } from '../truncate.ts';
import type { TruncationPolicy } from '../truncate.ts';

/** One look at a command: what it printed since the last one, and how it stands. */
export interface CommandReport {
  /** Six hexadecimal digits. */
  readonly chunkId: string;
  readonly wallTimeMs: number;
  readonly state:
    | { readonly kind: 'exited'; readonly exitCode: number }
    | { readonly kind: 'running'; readonly sessionId: number };
  readonly output: string;
  /** What the command printed, kept or not. */
  readonly totalBytes: number;
  readonly truncation: TruncationPolicy;
  /** Of ours, behind the output. */
  readonly note?: string;
}

/** What the model is told, and what code mode hands to a script (spec/agent-core.md 2.2). */
export function commandResult(report: CommandReport): ToolResult {
  const { chunkId, wallTimeMs, state, totalBytes, truncation, note } = report;
  const tokens = tokensOfBytes(totalBytes);
  const seconds = wallTimeMs / 1000;
  const output = truncateOutput(report.output, truncation) + (note === undefined ? '' : `\n${note}`);
  const content = [
    `Chunk ID: ${chunkId}`,
    `Wall time: ${seconds.toFixed(4)} seconds`,
    state.kind === 'exited'
      ? `Process exited with code ${state.exitCode}`
      : `Process running with session ID ${state.sessionId}`,
    `Original token count: ${tokens}`,
    'Output:',
    output,
  ].join('\n');
  const value: JsonObject = {
    chunk_id: chunkId,
    wall_time_seconds: seconds,
    ...(state.kind === 'exited' ? { exit_code: state.exitCode } : { session_id: state.sessionId }),
    original_token_count: tokens,
    output,
  };
  return { content, success: true, value };
}

/** The older form, of `shell_command`. */
export function shellResult({
  exitCode,
  wallTimeMs,
  output,
  truncation,
}: {
  readonly exitCode: number;
  readonly wallTimeMs: number;
  readonly output: string;
  readonly truncation: TruncationPolicy;
}): ToolResult {
  const content = [
    `Exit code: ${exitCode}`,
    `Wall time: ${(wallTimeMs / 1000).toFixed(1)} seconds`,
    'Output:',
    truncateOutput(output, truncation),
  ].join('\n');
  return { content, success: exitCode === 0 };
}
