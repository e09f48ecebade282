import type { ToolSpec } from './spec.ts';
import type { Tool, ToolCall } from './tool.ts';

/** The tools of one thread: what requests say of them, and who answers a call. */
export interface ToolRegistry {
  /** In order of registration; the same array for every request, so that prompt caches hold (DECISIONS 18). */
  readonly specs: readonly ToolSpec[];
  find(call: Pick<ToolCall, 'name' | 'namespace'>): Tool | undefined;
}

export interface RegistryInput {
  readonly tools: readonly Tool[];
  /** Tools that the provider runs by itself; they stand behind ours. */
  readonly hosted?: readonly ToolSpec[];
}

/** @throws Error when two tools have one name: whoever collects tools sees to that, with words for the user */
export function createToolRegistry({ tools, hosted = [] }: RegistryInput): ToolRegistry {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    const key = keyOf(tool);
    if (byName.has(key)) throw new Error(`two tools are named ${tool.name}`);
    byName.set(key, tool);
  }
  return { specs: [...specsOf(tools), ...hosted], find: (call) => byName.get(keyOf(call)) };
}

// No name holds this character.
const SEPARATOR = '\0';
const keyOf = ({ name, namespace }: Pick<ToolCall, 'name' | 'namespace'>): string =>
  `${namespace ?? ''}${SEPARATOR}${name}`;

/** Tools as requests show them: those of one namespace together, where its first one stands; those without a spec not at all. */
export function specsOf(tools: readonly Pick<Tool, 'namespace' | 'spec'>[]): ToolSpec[] {
  const specs: ToolSpec[] = [];
  const members = new Map<string, ToolSpec[]>();
  for (const { namespace, spec } of tools) {
    if (!spec) continue;
    if (namespace === undefined || spec.type === 'namespace') {
      specs.push(spec);
      continue;
    }
    const known = members.get(namespace);
    if (known) {
      known.push(spec);
      continue;
    }
    const group = [spec];
    members.set(namespace, group);
    specs.push({ type: 'namespace', name: namespace, description: `Tools of ${namespace}.`, tools: group });
  }
  return specs;
}
