import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of a program of ours that runs in a process of its own: beside its caller in the sources; in the published
 * package beside a bundle, or one folder above its chunks.
 * @param callerUrl `import.meta.url` of the module that starts it
 */
export function ownProgram(
  callerUrl: string,
  { source, bundle }: { readonly source: string; readonly bundle: string },
): string {
  const candidates = [`./${source}`, `./${bundle}`, `../${bundle}`].map((name) =>
    fileURLToPath(new URL(name, callerUrl)),
  );
  return candidates.find((file) => existsSync(file)) ?? bundle;
}

/**
 * A clean environment for such a program: NODE_OPTIONS of the examined shell must not reach in.
 * @param more variables that it needs besides
 */
export function ownEnvironment(more: readonly string[] = []): Record<string, string> {
  const passed = ['SystemRoot', ...more].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(passed);
}
