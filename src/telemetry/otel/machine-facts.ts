import { namesOfThisMachine } from '../../host/account.ts';
import { files } from '../../host/files.ts';
import { thisMachine } from '../../host/machine.ts';
import { operatingSystem } from '../../host/operating-system.ts';
import type { MachineFacts } from './resource.ts';

/** Where this process runs. */
export function machineFacts(): MachineFacts {
  const { hostName } = namesOfThisMachine();
  const { type, version } = operatingSystem(files, thisMachine);
  return { hostName, os: type, ...(version !== undefined && { osVersion: version }) };
}
