import type { Clock } from '../../host/clock.ts';
import type { ToolCallItem } from '../protocol/item.ts';
import { unlessAborted } from '../../host/unless-aborted.ts';
import type { ToolRegistry } from './registry.ts';
import { failureItems, outputFor, toolCallOf } from './router-items.ts';
import type { FailureItems } from './router-items.ts';
import { createCallLock } from './router-lock.ts';
import { tellCall } from './tell-call.ts';
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

  const handle = async (call: ToolCall, tool: Tool | undefined): Promise<ToolResult> => {
    if (!tool) throw new ToolFailure(`unsupported call: there is no tool named ${fullName(call)}`);
    return lock.hold(lockModeOf(tool), async () => {
      // While it waited for its turn, an interrupt may have come: nothing begins then.
      context.signal.throwIfAborted();
      return tool.handle(call, context.tell ? { ...context, calling: call } : context);
    });
  };

  const settle = async (item: ToolCallItem): Promise<SettledCall> => {
    const call = toolCallOf(item);
    const tool = registry.find(call);
    const startedAt = clock.elapsed();
    const tellEnd = tellCall(call, tool, { context, clock });
    const failed = (text: string, status: 'failed' | 'cancelled' = 'failed'): FailureItems => {
      const items = failureItems(item, text);
      tellEnd?.({ status, success: false }, items.output);
      return items;
    };
    try {
      // The tool may go on behind an abort, for a process in the background lives; nobody waits for it any more.
      const result = await unlessAborted(handle(call, tool), context.signal);
      const content = truncateContent(result.content, truncation);
      const output = outputFor(item, { ...result, content });
      tellEnd?.({ status: 'completed', success: result.success }, output);
      return { output };
    } catch (error) {
      if (context.signal.aborted) return failed(abortedText(call, clock.elapsed() - startedAt), 'cancelled');
      if (error instanceof ToolFailure) return failed(truncateText(error.message, truncation));
      const fatal = error instanceof Error ? error : new Error('a tool threw what is no error');
      return { ...failed(`${call.name} failed: ${fatal.message}`), fatal };
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
