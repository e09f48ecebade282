import type { ConfigFacts } from '../../target/config/facts.ts';
import { booleanAt } from '../../target/config/facts.ts';
import { knownFeatures } from '../../target/config/schema/features.ts';
import type { ConfigWarning } from './config.ts';

/** A flag that turns another on. */
const DEPENDENCIES: readonly (readonly [flag: string, needs: string])[] = [
  ['code_mode_only', 'code_mode'],
  ['enable_fanout', 'multi_agent'],
];

/** The core's own list of flags, whoever's home it works in. */
const KNOWN = knownFeatures('stethos');

/** What is switched on: defaults, then the layers, then what flags need (spec/agent-core.md 7). Unknown names are off. */
export function featuresOf({ features }: Pick<ConfigFacts, 'features'>): (name: string) => boolean {
  const on = new Set<string>();
  for (const [name, { stage, enabledByDefault }] of KNOWN) {
    // A removed flag is accepted and changes nothing.
    const set = stage !== 'removed' && Object.hasOwn(features, name) ? features[name] : undefined;
    if (set ?? enabledByDefault) on.add(name);
  }
  for (const [flag, needs] of DEPENDENCIES) if (on.has(flag)) on.add(needs);
  return (name) => on.has(name);
}

/** Those that are on and still an experiment, as requests tell it (spec/transport.md 1.2, `x-codex-beta-features`). */
export const experimentalFeatures = (isFeatureOn: (name: string) => boolean): string[] =>
  [...KNOWN].flatMap(([name, { stage }]) => (stage === 'experimental' && isFeatureOn(name) ? [name] : []));

/** What is not as it is by itself, as feedback tells it: `memories`, `-shell_tool`. All that are on would fill no tag. */
export const changedFeatures = (isFeatureOn: (name: string) => boolean): string[] =>
  [...KNOWN].flatMap(([name, { enabledByDefault }]) => {
    const isOn = isFeatureOn(name);
    if (isOn === enabledByDefault) return [];
    return [isOn ? name : `-${name}`];
  });

/** What to say about flags that somebody set: older spellings, flags on their way out, and flags that are not finished. */
export function featureWarnings({
  flags,
  effective,
}: Pick<ConfigFacts, 'flags' | 'effective'>): ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  for (const { name, writtenAs } of flags) {
    if (writtenAs !== undefined)
      warnings.push({
        kind: 'deprecation',
        message: `The feature flag \`${writtenAs}\` is deprecated; write \`${name}\` instead.`,
      });
    if (KNOWN.get(name)?.stage === 'deprecated')
      warnings.push({
        kind: 'deprecation',
        message: `The feature flag \`${name}\` is deprecated and will go.`,
      });
  }
  const unfinished = flags
    .filter(({ name, enabled }) => enabled && KNOWN.get(name)?.stage === 'under development')
    .map(({ name }) => `\`${name}\``);
  if (unfinished.length > 0 && booleanAt(effective, 'suppress_unstable_features_warning') !== true)
    warnings.push({
      kind: 'warning',
      message:
        `Features under development are on: ${unfinished.join(', ')}. They are incomplete and may behave unexpectedly. ` +
        '`suppress_unstable_features_warning = true` turns this warning off.',
    });
  return warnings;
}
