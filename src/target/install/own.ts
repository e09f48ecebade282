import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Installation } from './facts.ts';
import { installationIn, nearestPackage } from './identify.ts';
import type { IdentifyOptions } from './identify.ts';

/**
 * The running copy of stethos, which is the agent under examination when its own profile is: started through npx, no
 * copy of it stands on the search path.
 */
export function ownInstallation(options: IdentifyOptions): Installation | undefined {
  const installation = runningCopy(options);
  // It runs, be it with the Node.js that a clone brings along; which one that is, `runtime.node` judges.
  return installation && { ...installation, requiredNodeMajor: undefined };
}

function runningCopy(options: IdentifyOptions): Installation | undefined {
  const own = nearestPackage(realpathSync(fileURLToPath(import.meta.url)), options.files);
  return own?.manifest.name === options.profile.packageName ? installationIn(own.folder, options) : undefined;
}
