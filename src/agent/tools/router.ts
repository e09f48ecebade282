import type { Clock } from '../../host/clock.ts';
import type { ToolCallItem } from '../protocol/item.ts';
import { unlessAborted } from '../../host/unless-aborted.ts';
import type { ToolRegistry } from './registry.ts';
import { failureItems, outputFor, toolCallOf } from './router-items.ts';
import type { FailureItems } from './router-items.ts';
import { createCallLock } from './router-lock.ts';
import { ToolFailure } from './tool.ts';
import type { Tool, ToolCall, ToolContext, ToolResult } from './tool.ts';
import { scaledPolicy, truncateContent, truncateText, WIDE_ALLOWANCE } from './truncate.ts';
import type { TruncationPolicy } from './truncate.ts';

/** What a call came to. There is always an output, whatever happened. */
export interface SettledCall extends FailureItems {
  /** Ends the turn: a `TurnFailure`, or a bug. */
  readonly fatal?: Error;
}

/** Where a turn meets its tools. One for each turn, since its calls share a lock. */
export interface ToolRouter {
  /**
   * Records the call, and only then lets it run: killed in between, a resumed thread knows of it. The outcome never
   * rejects; an abort of the context's signal settles it at once, whatever the tool still does.
   */
  begin(item: ToolCallItem): Promise<{ readonly outcome: Promise<SettledCall> }>;
}

export interface ToolRouterOptions {
  readonly registry: ToolRegistry;
  readonly context: ToolContext;
  /** How much of an output history may hold, before the allowance for what tools put around it. */
  readonly truncation: TruncationPolicy;
  readonly clock: Clock;
  /** Resolves when the item is in history and on disk. */
  readonly record: (item: ToolCallItem) => Promise<void>;
}

/** Tools whose output begins with the wall time, also when it was cut short (spec/agent-core.md 1.5). */
const SHELL_TOOLS: ReadonlySet<string> = new Set(['exec_command', 'shell_command', 'local_shell']);
/** What an abort reports at least: a tenth is the last digit that is shown. */
const MIN_ELAPSED_SECONDS = 0.1;

export function createToolRouter(options: ToolRouterOptions): ToolRouter {
  const { registry, context, clock, record } = options;
  const truncation = scaledPolicy(options.truncation, WIDE_ALLOWANCE);
  const lock = createCallLock();

  const handle = async (call: ToolCall): Promise<ToolResult> => {
    const tool = registry.find(call);
    if (!tool) throw new ToolFailure(`unsupported call: there is no tool named ${fullName(call)}`);
    return lock.hold(lockModeOf(tool), async () => {
      // While it waited for its turn, an interrupt may have come: nothing begins then.
      context.signal.throwIfAborted();
      return tool.handle(call, context);
    });
  };

  const settle = async (item: ToolCallItem): Promise<SettledCall> => {
    const call = toolCallOf(item);
    const startedAt = clock.elapsed();
    try {
      // The tool may go on behind an abort, for a process in the background lives; nobody waits for it any more.
      const result = await unlessAborted(handle(call), context.signal);
      return { output: outputFor(item, { ...result, content: truncateContent(result.content, truncation) }) };
    } catch (error) {
      if (context.signal.aborted) return failureItems(item, abortedText(call, clock.elapsed() - startedAt));
      if (error instanceof ToolFailure) return failureItems(item, truncateText(error.message, truncation));
      const fatal = error instanceof Error ? error : new Error('a tool threw what is no error');
      return { ...failureItems(item, `${call.name} failed: ${fatal.message}`), fatal };
    }
  };

  return {
    async begin(item) {
      await record(item);
      return { outcome: settle(item) };
    },
  };
}

const lockModeOf = ({ parallel }: Tool): 'shared' | 'exclusive' => (parallel ? 'shared' : 'exclusive');

const fullName = ({ namespace, name }: ToolCall): string =>
  namespace === undefined ? name : `${namespace}.${name}`;

function abortedText({ name }: ToolCall, elapsedMs: number): string {
  const seconds = Math.max(MIN_ELAPSED_SECONDS, elapsedMs / 1000).toFixed(1);
  return SHELL_TOOLS.has(name)
    ? `Wall time: ${seconds} seconds\naborted by user`
    : `aborted by user after ${seconds}s`;
}
