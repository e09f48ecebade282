import type { output, z } from 'zod';
import type { JsonObject } from '../../../host/json.ts';

/** A tool that a client brings and runs itself (spec/agent-core.md 2.5). As stored with a session, for resume. */
export interface DynamicToolDefinition {
  readonly namespace?: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** False: the model is not told; scripts may call it all the same. */
  readonly exposeToContext: boolean;
}

export type DefinitionsRead =
  | { readonly kind: 'valid'; readonly definitions: readonly DynamicToolDefinition[] }
  /** `message` is for the client. */
  | { readonly kind: 'invalid'; readonly message: string };

/** What the API takes as the name of a function. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Every MCP tool begins with it. */
const MCP_PREFIX = 'mcp__';

/**
 * Reads the tools that a client sends when it starts a thread. `deferLoading` is an older word for what is not exposed.
 * @param reserved names of the core's own tools
 */
export async function readDynamicTools(
  value: unknown,
  reserved: ReadonlySet<string>,
): Promise<DefinitionsRead> {
  const { z: zod } = await import('zod');
  const parsed = definitionsSchema(zod).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.map(String).join('.') ?? '';
    return invalid(`dynamic tools: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'not understood'}`);
  }
  const seen = new Set<string>();
  for (const tool of parsed.data) {
    const fault = faultOf(tool, { reserved, seen });
    if (fault !== undefined) return invalid(`dynamic tool "${fullName(tool)}": ${fault}`);
    seen.add(fullName(tool));
  }
  return { kind: 'valid', definitions: parsed.data.map(definitionOf) };
}

const invalid = (message: string): DefinitionsRead => ({ kind: 'invalid', message });

const definitionsSchema = (zod: typeof z) => {
  const name = zod.string().regex(NAME, 'letters, digits, _ and -, 64 at most');
  return zod.array(
    zod.object({
      namespace: name.nullish(),
      name,
      description: zod.string(),
      inputSchema: zod.record(zod.string(), zod.json()),
      exposeToContext: zod.boolean().optional(),
      deferLoading: zod.boolean().optional(),
    }),
  );
};

type Raw = output<ReturnType<typeof definitionsSchema>>[number];

function faultOf(
  tool: Raw,
  { reserved, seen }: { readonly reserved: ReadonlySet<string>; readonly seen: ReadonlySet<string> },
): string | undefined {
  const outer = tool.namespace ?? tool.name;
  if (outer.startsWith(MCP_PREFIX) || reserved.has(outer)) return 'the name is reserved';
  if (seen.has(fullName(tool))) return 'the name is taken twice';
  // A model that looks for tools finds them by namespace.
  if (tool.deferLoading && tool.namespace == null) return 'deferLoading needs a namespace';
  return undefined;
}

const fullName = ({ namespace, name }: Pick<Raw, 'namespace' | 'name'>): string =>
  namespace == null ? name : `${namespace}.${name}`;

function definitionOf({ namespace, exposeToContext, deferLoading, ...tool }: Raw): DynamicToolDefinition {
  return {
    ...(namespace == null ? {} : { namespace }),
    ...tool,
    exposeToContext: exposeToContext ?? !(deferLoading ?? false),
  };
}
