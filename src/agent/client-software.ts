import { files } from '../host/files.ts';
import { thisMachine } from '../host/machine.ts';
import { operatingSystem } from '../host/operating-system.ts';
import { userAgentOf } from '../target/request/user-agent.ts';
import type { Target } from '../target/target.ts';
import type { ClientSoftware } from './auth/ask.ts';

/**
 * How requests introduce the program.
 * @param asker whoever really asks
 */
export function clientSoftwareOf(
  { home, environment }: Pick<Target, 'home' | 'environment'>,
  asker: { readonly name: string; readonly version: string },
): ClientSoftware {
  const { originator, recordedVersion: version } = home.profile.requests;
  const userAgent = userAgentOf({
    originator,
    version,
    system: operatingSystem(files, thisMachine),
    processor: thisMachine.processor,
    environment: environment().values,
    asker,
  });
  return { originator, userAgent, version };
}
