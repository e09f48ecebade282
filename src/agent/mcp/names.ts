/** A tool as its server spells it. */
export interface RawTool {
  readonly server: string;
  readonly tool: string;
}

export interface QualifiedTool<Tool extends RawTool> {
  /** What the model and scripts call it; never turned back into the raw names (trap 14). */
  readonly name: string;
  readonly raw: Tool;
}

/** Longest name of a function that the API takes, in bytes, with both separators (spec/agent-core.md 2.6). */
const MAX_NAME_BYTES = 64;
const HASH_DIGITS = 12;

/**
 * Names for the tools of all servers: `mcp__<server>__<tool>` in letters, digits and `_` alone, so that they are names in
 * scripts as well. All that would be called the same get a suffix from a hash of the raw names, and so does what had to be
 * cut; the same raw tool twice is kept once. Sorted by raw names, so that the list does not depend on who answered first.
 */
export function qualifyTools<Tool extends RawTool>(
  tools: readonly Tool[],
): { readonly named: readonly QualifiedTool<Tool>[]; readonly skipped: readonly Tool[] } {
  const known = new Map<string, Tool>();
  const skipped: Tool[] = [];
  for (const tool of tools) {
    const identity = identityOf(tool);
    if (known.has(identity)) skipped.push(tool);
    else known.set(identity, tool);
  }
  const sorted = [...known.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, tool]) => tool);
  const servers = unique(new Set(sorted.map(({ server }) => server)));
  const plain = sorted.map((tool) => `mcp__${servers.get(tool.server)}__${clean(tool.tool)}`);
  const shared = repeated(plain);
  const named = sorted.map((raw, index): QualifiedTool<Tool> => {
    const name = plain[index] ?? '';
    const needsSuffix = shared.has(name) || name.length > MAX_NAME_BYTES;
    return { name: needsSuffix ? withSuffix(name, identityOf(raw)) : name, raw };
  });
  return { named, skipped };
}

/** Every character that no name in a script may have becomes `_`, a `-` too; case stays. */
export const clean = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]/gu, '_') || '_';

/** A NUL cannot stand in either name. */
const identityOf = ({ server, tool }: RawTool): string => `${server}\0${tool}`;

/** A cleaned name for each, those that share one with a suffix of their own. */
function unique(names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const shared = repeated([...names].map(clean));
  return new Map(
    [...names].map((name) => {
      const cleaned = clean(name);
      return [name, shared.has(cleaned) ? `${cleaned}_${hashOf(name)}` : cleaned];
    }),
  );
}

function repeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}

function withSuffix(name: string, identity: string): string {
  const suffix = `_${hashOf(identity)}`;
  return `${name.slice(0, MAX_NAME_BYTES - suffix.length)}${suffix}`;
}

function hashOf(identity: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha1').update(identity).digest('hex').slice(0, HASH_DIGITS);
}
