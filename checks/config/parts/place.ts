import { basename } from 'node:path';
import type { ConfigLayer, ConfigProblem } from '../../../src/target/config/facts.ts';

/** What a reader calls a layer: `user config.toml`, `project /src/app/.codex/config.toml`, `-c model=…`. */
export function layerName({ kind, origin }: Pick<ConfigLayer, 'kind' | 'origin'>): string {
  switch (kind) {
    case 'override':
      return origin;
    case 'project':
      return `project ${origin}`;
    case 'system':
    case 'user':
    case 'profile':
    case 'managed':
      return `${kind} ${basename(origin)}`;
  }
}

/** Where to look: the file with its line, or the option. */
export function placeOf({ layer, origin, line, column }: ConfigProblem): string {
  if (layer === 'override') return `the option ${origin}`;
  if (line === undefined) return origin;
  return `${origin}, line ${line}${column === undefined ? '' : `, column ${column}`}`;
}

/** `\`model\` in user config.toml, line 3`, or the layer alone when no key is to blame. */
export function subjectOf(problem: ConfigProblem): string {
  const place = `${layerName({ kind: problem.layer, origin: problem.origin })}${problem.line === undefined ? '' : `, line ${problem.line}`}`;
  return problem.keyPath === undefined ? place : `\`${problem.keyPath}\` in ${place}`;
}
