import type { ToolContext } from '../tool.ts';

/** The feature that lets `view_image` send images as they are. */
export const ORIGINAL_RESOLUTION_FEATURE = 'view_image_original_resolution';

/** `gpt-5.3-codex`: the first model that takes them. */
const FIRST = { major: 5, minor: 3 } as const;

/**
 * Whether images may be sent at their original resolution: the feature is on *and* the model is `gpt-5.3-codex` or newer
 * (spec/agent-core.md 2.4, trap 19).
 */
export function mayUseOriginal({ model, isFeatureOn }: Pick<ToolContext, 'model' | 'isFeatureOn'>): boolean {
  return isFeatureOn(ORIGINAL_RESOLUTION_FEATURE) && seesOriginals(model.slug);
}

/** Versions are numbers: 5.10 is newer than 5.3. Providers that sell many brands put a path before the name. */
export function seesOriginals(slug: string): boolean {
  const match = /^(?:.*[/.])?gpt-(\d+)(?:\.(\d+))?(-codex)?(?![\w.])/.exec(slug);
  if (!match) return false;
  const major = Number(match[1]);
  const minor = Number(match[2] ?? 0);
  if (major !== FIRST.major) return major > FIRST.major;
  return minor > FIRST.minor || (minor === FIRST.minor && match[3] !== undefined);
}
