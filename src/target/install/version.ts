/** A semantic version, taken apart. */
interface Version {
  readonly numbers: readonly [number, number, number];
  /** Identifiers after the hyphen; empty for a release. */
  readonly preRelease: readonly string[];
}

const PATTERN = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?$/u;

function parse(text: string): Version | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  const [, major, minor, patch, preRelease] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    preRelease: preRelease ? preRelease.split('.') : [],
  };
}

export const isVersion = (text: string): boolean => parse(text) !== undefined;

/**
 * Compares two semantic versions by their rules of precedence.
 * @returns below zero when `a` is older, above when newer; undefined when one of them is not a version
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return undefined;
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return comparePreReleases(left.preRelease, right.preRelease);
}

/** A pre-release is never offered as an update, whatever its numbers say. */
export function isUpdate({ latest, current }: { latest: string; current: string }): boolean {
  const candidate = parse(latest);
  return candidate?.preRelease.length === 0 && (compareVersions(latest, current) ?? 0) > 0;
}

function comparePreReleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return Math.sign(right.length - left.length);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    const difference = compareIdentifiers(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numeric identifiers compare as numbers and stand below words. */
function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/u.test(a), /^\d+$/u.test(b)];
  if (aIsNumber && bIsNumber) return Math.sign(Number(a) - Number(b));
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
