import type { Tool } from '../tool.ts';

/** Finds tools by words. */
export interface ToolIndex {
  /** The best first. */
  search(query: string, limit: number): readonly Tool[];
}

/** Shorter words begin too many others. */
const MIN_PREFIX_LENGTH = 4;

/** BM25 over names, descriptions and the names of parameters. */
export async function indexOf(tools: readonly Tool[]): Promise<ToolIndex> {
  const { default: MiniSearch } = await import('minisearch');
  const index = new MiniSearch<{ id: number; name: string; text: string }>({
    fields: ['name', 'text'],
    tokenize: wordsOf,
    searchOptions: {
      boost: { name: 2 },
      // Stands in for the endings of words.
      prefix: (word) => word.length >= MIN_PREFIX_LENGTH,
    },
  });
  index.addAll(
    tools.map((tool, id) => ({ id, name: `${tool.namespace ?? ''} ${tool.name}`, text: textOf(tool) })),
  );
  return {
    search: (query, limit) =>
      index
        .search(query)
        .slice(0, limit)
        .flatMap(({ id }) => tools[Number(id)] ?? []),
  };
}

function textOf({ spec }: Tool): string {
  if (spec === undefined || !('description' in spec)) return '';
  const { properties } = 'parameters' in spec ? spec.parameters : {};
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return [spec.description, ...names].join(' ');
}

/** `createIssue` and `create_issue` are two words each. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
