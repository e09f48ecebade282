import type { Tool, ToolContext } from '../tool.ts';

/** As many tools fit into a request without getting into each other's way. */
const MIN_DEFERRED_TOOLS = 100;
const ALWAYS_DEFER_FEATURE = 'tool_search_always_defer_mcp_tools';

export interface Exposure {
  /** The model sees these from the beginning. */
  readonly direct: readonly Tool[];
  /** The model has to look for these, by `tool_search`; none: there is no such tool. */
  readonly deferred: readonly Tool[];
}

/**
 * Whether tools that may be held back are (spec/agent-core.md 2.5). Two independent ways lead around that: a model that
 * cannot look for tools, and few of them (trap 18).
 */
export function decideExposure({
  tools,
  model,
  isFeatureOn,
}: { readonly tools: readonly Tool[] } & Pick<ToolContext, 'model' | 'isFeatureOn'>): Exposure {
  const areFew = tools.length < MIN_DEFERRED_TOOLS && !isFeatureOn(ALWAYS_DEFER_FEATURE);
  const isDirect = !model.supportsToolSearch || areFew || tools.length === 0;
  return isDirect ? { direct: tools, deferred: [] } : { direct: [], deferred: tools };
}

/** A tool that can be called, and is not shown until the model has found it. */
export const hidden = (tool: Tool): Tool => ({
  name: tool.name,
  ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
  spec: undefined,
  parallel: tool.parallel,
  handle: (call, context) => tool.handle(call, context),
});
