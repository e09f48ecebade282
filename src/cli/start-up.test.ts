import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Everything that a module loads before anybody has asked for something: files of ours and packages. */
function loadedBy(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    const name = relative(root, path).replaceAll('\\', '/');
    if (loaded.has(name)) return;
    loaded.add(name);
    if (!path.endsWith('.ts')) return;
    const text = readFileSync(path, 'utf8');
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)(?! type)[^;]*?from '([^']+)';/gm))
      if (specifier.startsWith('.')) visit(resolve(dirname(path), specifier));
      else loaded.add(specifier);
  };
  visit(resolve(root, entry));
  return loaded;
}

test('a doctor that sends nothing loads nothing for it', () => {
  const loaded = loadedBy('src/cli/main.ts');
  expect(loaded).toContain('src/doctor/examine.ts');
  const surplus =
    /^(@sentry|@opentelemetry|@grpc|yazl|yauzl|zod|undici|ws$|better-sqlite3)|^src\/(telemetry\/(sentry|vocabulary)|feedback|trace|agent)\//;
  expect([...loaded].filter((name) => surplus.test(name))).toEqual([]);
});
