import type { core, output, z } from 'zod';
import { ToolFailure } from './tool.ts';
import type { ToolCall } from './tool.ts';

/** More than the first few complaints help nobody. */
const MAX_ISSUES = 3;

/**
 * The arguments of a call, checked. An empty text stands for no arguments.
 * @param schema makes the schema; the library is loaded at the first call of any tool
 * @throws ToolFailure that names the tool, the argument and what is wrong with it
 */
export async function parseArguments<Schema extends core.$ZodType>(
  { name, payload }: Pick<ToolCall, 'name' | 'payload'>,
  schema: (zod: typeof z) => Schema,
): Promise<output<Schema>> {
  const { safeParse, z: zod } = await import('zod');
  const value = payload.kind === 'search' ? payload.arguments : jsonOf(name, payload);
  const parsed = safeParse(schema(zod), value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const place = path.map(String).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new ToolFailure(`${name} cannot take these arguments: ${issues.join('; ')}`);
}

function jsonOf(name: string, payload: Exclude<ToolCall['payload'], { kind: 'search' }>): unknown {
  const text = payload.kind === 'function' ? payload.arguments : payload.input;
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ToolFailure(`${name} takes its arguments as a JSON object, and these are no JSON.`);
  }
}
