import { parseArguments } from '../arguments.ts';
import { specsOf } from '../registry.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import { indexOf } from './index-of.ts';
import type { ToolIndex } from './index-of.ts';

const DEFAULT_LIMIT = 8;

/**
 * `tool_search` (spec/agent-core.md 2.5): shows the model tools that were held back.
 * @param deferred with the specs that are shown when they are found
 */
export function createToolSearchTool(deferred: readonly Tool[]): Tool {
  // Made at the first search, and once.
  let index: Promise<ToolIndex> | undefined;
  return {
    name: 'tool_search',
    spec: specFor(deferred),
    parallel: true,
    async handle(call) {
      const { query, limit } = await parseArguments(call, (z) =>
        z.object({ query: z.string(), limit: z.number().int().nullish() }),
      );
      if (query.trim() === '') throw new ToolFailure('tool_search: the query is empty.');
      if (limit != null && limit <= 0)
        throw new ToolFailure('tool_search: the limit must be greater than zero.');
      index ??= indexOf(deferred);
      const found = (await index).search(query, limit ?? DEFAULT_LIMIT);
      const tools = found.map(({ name, spec }) => ({
        name,
        description: spec !== undefined && 'description' in spec ? spec.description : '',
      }));
      return {
        content: JSON.stringify({ tools }),
        success: true,
        value: { tools },
        tools: specsOf(found.map(asFound)),
      };
    },
  };
}

const asFound = ({ namespace, spec }: Tool): Pick<Tool, 'namespace' | 'spec'> => ({
  ...(namespace === undefined ? {} : { namespace }),
  spec: spec?.type === 'function' ? { ...spec, defer_loading: true } : spec,
});

/** Who brings a tool: its namespace, or the server in the name of an MCP tool. */
const sourceOf = ({ namespace, name }: Tool): string | undefined =>
  namespace ?? /^mcp__(.+?)__/.exec(name)?.[1];

function specFor(deferred: readonly Tool[]): ToolSpec {
  const known = [...new Set(deferred.flatMap((tool) => sourceOf(tool) ?? []))].toSorted();
  const sources = known.length === 0 ? '' : ` They come from: ${known.join(', ')}.`;
  return {
    type: 'tool_search',
    execution: 'client',
    description: `Finds tools that are not shown to you yet, by words of their names, descriptions and parameters; what it finds you can call from then on.${sources} For tools of MCP servers use this, not the lists of resources.`,
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'Words that describe what the tool does.' },
        limit: { type: 'number', description: `How many tools at most; ${DEFAULT_LIMIT} without it.` },
      },
      required: ['query'],
      additionalProperties: false,
    },
  };
}
