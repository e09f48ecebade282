import type { $ZodIssue } from 'zod/v4/core';
import type { Script } from './script.ts';

/** A script file that cannot be played; `message` names the place. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/**
 * The script in a JSON file. Beyond what `Script` says, a call may leave its `call_id` out and spell its `arguments` as
 * an object.
 * @throws ScriptError naming the place, such as `responses[2].usage.input_tokens`
 */
export async function readScript(text: string): Promise<Script> {
  const { scriptSchema } = await import('./schema.ts');
  const parsed = scriptSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues.map(innermost);
  throw new ScriptError(`${placeOf(issue?.path ?? [])}: ${issue?.message ?? 'cannot be read'}`);
}

type Issue = Pick<$ZodIssue, 'path' | 'message'>;

/** Of a value that is none of several kinds, what the last kind found wrong: the one that has most to say. */
function innermost(issue: $ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.at(-1)?.[0];
  if (!inner) return issue;
  const { path, message } = innermost(inner);
  return { path: [...issue.path, ...path], message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScriptError(`The script is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'The script';
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
