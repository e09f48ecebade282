import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import type { Files } from '../../host/files.ts';
import type { Home } from '../home.ts';
import type { ConfigFacts, ConfigLayer, ConfigProblem } from './facts.ts';
import { valueAt } from './facts.ts';

/** Overrides of the examined configuration, as the agent's own command line takes them. */
export interface ConfigOverrides {
  /** `key=value`, each value a TOML value or, failing that, a bare string. */
  readonly set: readonly string[];
  readonly enable: readonly string[];
  readonly disable: readonly string[];
}

export function loadConfig({
  home,
  files,
}: {
  home: Home;
  files: Files;
  cwd: string;
  overrides: ConfigOverrides;
}): ConfigFacts {
  const origin = join(home.path, 'config.toml');
  const problems: ConfigProblem[] = [];
  const layers: ConfigLayer[] = [];
  const read = files.readText(origin);
  if (read.kind === 'read') {
    try {
      layers.push({ kind: 'user', origin, state: 'loaded', values: parse(read.text) });
    } catch (error) {
      layers.push({ kind: 'user', origin, state: 'malformed', values: {} });
      const place = error instanceof TomlError ? { line: error.line, column: error.column } : {};
      problems.push({
        kind: 'malformed',
        layer: 'user',
        origin,
        message: 'not valid TOML',
        fatal: true,
        ...place,
      });
    }
  } else {
    layers.push({
      kind: 'user',
      origin,
      state: read.kind === 'missing' ? 'missing' : 'unreadable',
      values: {},
    });
  }
  const effective = layers[0]?.values ?? {};
  return {
    layers,
    effective,
    problems,
    features: {},
    sourceOf: (keyPath) => (valueAt(effective, keyPath) === undefined ? undefined : layers[0]),
  };
}
