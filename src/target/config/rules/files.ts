import { dirname, join, resolve } from 'node:path';
import { userDirectory } from '../../home.ts';
import { stringAt } from '../facts.ts';
import type { ConfigProblem } from '../facts.ts';
import { layerSetting, problemAt } from './rule.ts';
import type { RuleInput } from './rule.ts';

/** Files that the agent reads at start, and refuses to start without. */
const READ_AT_START = [
  'model_catalog_json',
  'model_instructions_file',
  'experimental_compact_prompt_file',
] as const;

/** Every file that the configuration names for the start can be read. */
export function fileRules(input: RuleInput): ConfigProblem[] {
  return READ_AT_START.flatMap((key) => {
    const written = stringAt(input.effective, key);
    if (written === undefined) return [];
    const path = resolveNamed(input, [key], written);
    const read = input.files.readText(path);
    const problem = (message: string, found?: string): ConfigProblem =>
      problemAt(input, [key], {
        kind: 'unknown_reference',
        message: `${message}: ${path}`,
        expected: 'a file that can be read',
        ...(found !== undefined && { found }),
        ...(read.kind === 'missing' || read.kind === 'dangling'
          ? { readFault: 'missing' as const }
          : undefined),
        ...(read.kind === 'denied' && { readFault: 'permissions' as const }),
        ...(read.kind === 'wrong_type' && { readFault: 'wrong_type' as const }),
        fatal: true,
      });
    switch (read.kind) {
      case 'missing':
      case 'dangling':
        return [problem('it names a file that does not exist')];
      case 'wrong_type':
        return [problem(`it names a ${read.type} instead of a file`, `a ${read.type}`)];
      case 'denied':
      case 'loop':
      case 'failed':
        return [problem('it names a file that cannot be read', read.kind)];
      case 'read':
        if (read.text.trim() === '') return [problem('it names a file that is empty', 'an empty file')];
        return key === 'model_catalog_json' && !read.truncated && !holdsModels(read.text)
          ? [problem('it names a file that is not a model catalogue', 'no JSON object with a list `models`')]
          : [];
    }
  });
}

/** A relative path counts from the folder of the file that names it; on the command line, from the working folder. */
export function resolveNamed(input: RuleInput, path: readonly string[], written: string): string {
  if (/^~(?:$|[/\\])/.test(written)) return join(userDirectory(input.env), written.slice(1));
  const setting = layerSetting(input.layers, path)?.layer;
  const base = setting === undefined || setting.kind === 'override' ? input.cwd : dirname(setting.origin);
  return resolve(base, written);
}

function holdsModels(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('models' in value)) return false;
    return Array.isArray(value.models) && value.models.length > 0;
  } catch {
    return false;
  }
}
