import type { ModelInfo } from '../model/info.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { ToolContext } from '../tools/tool.ts';

/** The tools of a thread as the session sees them: what lives longer than a turn, and how it ends. */
export interface ThreadTools {
  /**
   * The tools that fit a model; for one model the same registry every time (DECISIONS 18). Resolves when every tool that has
   * to be started is there or has failed; never rejects.
   */
  registry(model: ModelInfo): Promise<ToolRegistry>;
  /** Gives up waiting for MCP servers that have not started yet. */
  cancelStartup(): void;
  /** Ends the terminals in the background; resolves when they are gone. */
  cleanTerminals(): Promise<void>;
  /**
   * A command of the user's own, with its events; gives what the conversation keeps of it. Ends with the terminals. Absent
   * where there are none.
   */
  readonly runUserShell?: (command: string, context: ToolContext) => Promise<string>;
  /** Ends everything: terminals first, then MCP servers. */
  close(): Promise<void>;
}
