import { Secret } from '../../redact/secret.ts';
import { tableAt } from '../../target/config/facts.ts';
import type { ConfiguredExporter } from './read-exporter.ts';
import type { Tell } from './read-variables.ts';

export interface HeaderSources {
  readonly configured: ConfiguredExporter | undefined;
  /** Of the strongest variable that is set. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Its name. */
  readonly variable: string | undefined;
  readonly tell: Tell;
}

/** Headers of the configuration and of the variables together, as codex 0.169 sends them. */
export function readHeaders({
  configured,
  pairs,
  variable = '',
  tell,
}: HeaderSources): Readonly<Record<string, Secret>> {
  const own = configuredHeaders(configured, tell);
  const headers = merged(usablePairs(pairs, variable, tell), own);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, new Secret(value)]));
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * A credential that was written without its header (`Basic dXNlcjpwYXNz==`) has an equals sign too, and must not be shown
 * as the name of a header.
 */
function usablePairs(
  pairs: Readonly<Record<string, string>>,
  source: string,
  tell: Tell,
): Record<string, string> {
  const kept = Object.entries(pairs).filter(([name, value]) => {
    if (!hasName(name, source, tell)) return false;
    if (/[^=]/.test(value)) return true;
    tell({
      kind: 'value',
      source,
      message: `${source} has a header without a value, which is left out`,
    });
    return false;
  });
  return Object.fromEntries(kept);
}

function hasName(name: string, source: string, tell: Tell): boolean {
  if (NAME.test(name)) return true;
  const message = `${source} has a name that no header can have, which is left out`;
  tell({ kind: 'value', source, message });
  return false;
}

const PLACEHOLDER = '${…}';

function configuredHeaders(configured: ConfiguredExporter | undefined, tell: Tell): Record<string, string> {
  const headers: [string, string][] = [];
  const source = `${configured?.keyPath ?? ''}.headers`;
  for (const [name, value] of Object.entries((configured && tableAt(configured.table, 'headers')) ?? {})) {
    if (typeof value !== 'string' || !hasName(name, source, tell)) continue;
    headers.push([name, value]);
    if (!/\$\{\w+\}/.test(value)) continue;
    // Measured on codex 0.169, whose guide shows such a value.
    const message = `${source} has a value with ${PLACEHOLDER}, which is sent as it stands: no variable is put in its place`;
    tell({ kind: 'value', source, message });
  }
  return Object.fromEntries(headers);
}

/** The configuration wins name by name, as in codex 0.169, which sends those of the variables beside its own. */
function merged(
  shared: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const rest = Object.entries(shared).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(rest), ...own };
}
