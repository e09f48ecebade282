import type { Target } from '../target.ts';

/** Version that requests name: that of the copy which a shell would run, or the one whose requests were recorded. */
export function agentVersionOf({ home, install }: Pick<Target, 'home' | 'install'>): string {
  const installed = install().active?.version;
  // It comes from a file, and goes into headers and addresses.
  return installed !== undefined && /^\d[\w.+-]*$/.test(installed)
    ? installed
    : home.profile.requests.recordedVersion;
}
