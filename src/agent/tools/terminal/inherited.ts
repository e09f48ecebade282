import { escapeLiteral } from '../../../redact/rules/rule.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What commands get of the agent's own environment (`shell_environment_policy`, measured on codex 0.169). */
export interface EnvironmentPolicy {
  readonly inherit: 'all' | 'core' | 'none';
  /** Variables whose name says that they hold a secret stay behind. */
  readonly dropsSecrets: boolean;
  /** Patterns of names, with `*` and `?`, in any case. */
  readonly exclude: readonly string[];
  /** Added whatever was left out before. */
  readonly set: Readonly<Record<string, string>>;
  /** Unless empty, only these names remain; patterns as above. */
  readonly includeOnly: readonly string[];
}

const CORE: ReadonlySet<string> = new Set([
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TEMP',
  'TMP',
  'TMPDIR',
  'USER',
]);
const SECRETS = ['*KEY*', '*SECRET*', '*TOKEN*'];

/** The variables that a command inherits; what is forced upon it comes on top. */
export function inheritedVariables(env: Variables, policy: EnvironmentPolicy): Variables {
  const { inherit, dropsSecrets, exclude, set, includeOnly } = policy;
  const isExcluded = matcher([...(dropsSecrets ? SECRETS : []), ...exclude]);
  const isIncluded = includeOnly.length === 0 ? () => true : matcher(includeOnly);
  const kept = Object.entries(env).filter(
    ([name]) => (inherit === 'all' || (inherit === 'core' && CORE.has(name))) && !isExcluded(name),
  );
  return Object.fromEntries([...kept, ...Object.entries(set)].filter(([name]) => isIncluded(name)));
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const source = escapeLiteral(pattern)
      .replaceAll(String.raw`\*`, '.*')
      .replaceAll(String.raw`\?`, '.');
    return new RegExp(`^${source}$`, 'is');
  });
  return (name) => expressions.some((expression) => expression.test(name));
}
