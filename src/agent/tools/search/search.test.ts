import { describe, expect, test } from 'vitest';
import type { ModelInfo } from '../../model/info.ts';
import type { JsonValue } from '../../../host/json.ts';
import { createToolRegistry } from '../registry.ts';
import type { Tool, ToolContext, ToolResult } from '../tool.ts';
import { decideExposure, hidden } from './exposure.ts';
import { createToolSearchTool } from './tool.ts';

interface Described {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: readonly string[];
  readonly namespace?: string;
}

function tool({ name, description = '', parameters = [], namespace }: Described): Tool {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    spec: {
      type: 'function',
      name,
      description,
      strict: false,
      parameters: { type: 'object', properties: Object.fromEntries(parameters.map((key) => [key, {}])) },
    },
    parallel: false,
    handle: () => Promise.resolve({ content: name, success: true }),
  };
}

const many = (count: number): readonly Tool[] =>
  Array.from({ length: count }, (_, index) => tool({ name: `mcp__lab__probe_${index}` }));

const exposed = (
  count: number,
  { canSearch = true, always = false } = {},
): Parameters<typeof decideExposure>[0] => ({
  tools: many(count),
  model: { supportsToolSearch: canSearch } as ModelInfo,
  isFeatureOn: (name) => always && name === 'tool_search_always_defer_mcp_tools',
});

/** As a thread registers its tools. */
function registered(options: Parameters<typeof decideExposure>[0]): readonly Tool[] {
  const { direct, deferred } = decideExposure(options);
  return deferred.length === 0 ? direct : [...deferred.map(hidden), createToolSearchTool(deferred)];
}

describe('whether tools are held back', () => {
  test.each([
    ['row 31: few of them', exposed(5), 0],
    ['row 31: many of them', exposed(500), 500],
    ['one less than too many', exposed(99), 0],
    ['too many', exposed(100), 100],
    ['trap 18: many, for a model that cannot search', exposed(500, { canSearch: false }), 0],
    ['few, when they always are', exposed(5, { always: true }), 5],
    [
      'trap 18: few, when they always are, for a model that cannot search',
      exposed(5, { canSearch: false, always: true }),
      0,
    ],
    ['none', exposed(0, { always: true }), 0],
  ])('%s', (_case, options, expected) => {
    const { direct, deferred } = decideExposure(options);
    expect(deferred.length).toBe(expected);
    expect(direct.length).toBe(options.tools.length - expected);
  });

  test('row 31: what requests show, and that hidden tools can be called', async () => {
    const shown = (count: number): string[] =>
      createToolRegistry({ tools: registered(exposed(count)) }).specs.map((spec) =>
        'name' in spec ? spec.name : spec.type,
      );
    expect(shown(2)).toEqual(['mcp__lab__probe_0', 'mcp__lab__probe_1']);
    expect(shown(500)).toEqual(['tool_search']);
    const found = createToolRegistry({ tools: registered(exposed(500)) }).find({
      name: 'mcp__lab__probe_7',
    });
    const call = {
      callId: 'call',
      name: 'mcp__lab__probe_7',
      payload: { kind: 'function', arguments: '' },
    } as const;
    expect(await found?.handle(call, {} as ToolContext)).toMatchObject({ content: 'mcp__lab__probe_7' });
  });

  test('DECISIONS 18: the tool says the same byte for byte', () => {
    const [first, second] = [500, 500].map((count) =>
      JSON.stringify(registered(exposed(count)).at(-1)?.spec),
    );
    expect(first).toBe(second);
    expect(first).toContain('They come from: lab.');
  });
});

const TOOLS = [
  tool({ name: 'mcp__tracker__create_issue', description: 'Opens a new ticket.', parameters: ['title'] }),
  tool({ name: 'mcp__tracker__listComments', description: 'Reads what was said about a ticket.' }),
  tool({ name: 'send', namespace: 'mail', description: 'Sends a letter.', parameters: ['recipient'] }),
  tool({ name: 'search', namespace: 'mail', description: 'Finds letters.' }),
];

const search = (args: JsonValue, tools: readonly Tool[] = TOOLS): Promise<ToolResult> =>
  createToolSearchTool(tools).handle(
    { callId: 'call', name: 'tool_search', payload: { kind: 'search', arguments: args } },
    {} as ToolContext,
  );

const namesOf = ({ value }: ToolResult): unknown =>
  (value as { readonly tools: readonly { readonly name: string }[] }).tools.map(({ name }) => name);

describe('searching', () => {
  test.each([
    ['a name', 'create issue', 'mcp__tracker__create_issue'],
    ['a name in one word', 'comments', 'mcp__tracker__listComments'],
    ['the beginning of a word', 'comment', 'mcp__tracker__listComments'],
    ['a description', 'letter', 'send'],
    ['the name of a parameter', 'recipient', 'send'],
    ['any case', 'RECIPIENT', 'send'],
  ])('by %s', async (_case, query, name) => {
    const found = namesOf(await search({ query }));
    expect(found).toContain(name);
    expect((found as string[])[0]).toBe(name);
  });

  test('gives the specs as a request shows them, those of a namespace together', async () => {
    const { tools, success } = await search({ query: 'letter' });
    expect(success).toBe(true);
    expect(tools).toEqual([
      {
        type: 'namespace',
        name: 'mail',
        description: 'Tools of mail.',
        tools: expect.arrayContaining([
          { ...TOOLS[2]?.spec, defer_loading: true },
          { ...TOOLS[3]?.spec, defer_loading: true },
        ]) as unknown,
      },
    ]);
  });

  test('eight without a limit, else as many as asked for', async () => {
    expect(namesOf(await search({ query: 'probe' }, many(30)))).toHaveLength(8);
    expect(namesOf(await search({ query: 'probe', limit: 20 }, many(30)))).toHaveLength(20);
    expect(namesOf(await search({ query: 'nothing like it' }, many(30)))).toEqual([]);
  });

  test.each([
    ['an empty query', { query: ' ' }, /query is empty/],
    ['no query', {}, /query: /],
    ['a limit of nothing', { query: 'a', limit: 0 }, /greater than zero/],
    ['a limit below', { query: 'a', limit: -3 }, /greater than zero/],
    ['half a tool', { query: 'a', limit: 1.5 }, /limit: /],
  ])('%s is an error', async (_case, args, message) => {
    await expect(search(args)).rejects.toThrow(message);
  });
});
