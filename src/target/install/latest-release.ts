import type { ReleaseFeeds } from '../profile.ts';
import type { InstallMethod } from './facts.ts';
import { isVersion } from './version.ts';

/** A public address that tells the newest release, and how to read its answer. */
export interface ReleaseQuestion {
  readonly url: string;
  /** The version in a parsed answer, or undefined when it holds none. */
  read(answer: unknown): string | undefined;
}

/** Whom to ask, as the agent does: Homebrew about a copy that it installed, GitHub about every other one. */
export function releaseQuestion(
  { repository, tagPrefix, homebrewCask }: ReleaseFeeds,
  method: InstallMethod,
): ReleaseQuestion {
  return method === 'brew'
    ? {
        url: `https://formulae.brew.sh/api/cask/${homebrewCask}.json`,
        read: (answer) => versionIn(answer, 'version', ''),
      }
    : {
        url: `https://api.github.com/repos/${repository}/releases/latest`,
        read: (answer) => versionIn(answer, 'tag_name', tagPrefix),
      };
}

function versionIn(answer: unknown, key: string, prefix: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const text = (answer as Readonly<Record<string, unknown>>)[key];
  if (typeof text !== 'string' || !text.startsWith(prefix)) return undefined;
  const version = text.slice(prefix.length);
  return isVersion(version) ? version : undefined;
}
