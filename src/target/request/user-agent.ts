import type { OperatingSystem } from '../../host/operating-system.ts';
import type { Environment } from '../home.ts';

export interface UserAgentParts {
  readonly originator: string;
  readonly version: string;
  readonly system: OperatingSystem;
  /** As the kernel names it, such as `x86_64`. */
  readonly processor: string;
  readonly environment: Environment;
  /** Whoever really asks; in the place where the agent names its own front ends. */
  readonly asker: { readonly name: string; readonly version: string };
}

/** `User-Agent` in the shape of the agent's (codex 0.169), with the asker named honestly at its end. */
export function userAgentOf(parts: UserAgentParts): string {
  const { originator, version, system, processor, environment, asker } = parts;
  const place = [system.type, system.version].filter((part) => part !== undefined).join(' ');
  const text = `${originator}/${version} (${place}; ${processor}) ${terminalToken(environment)} (${asker.name}; ${asker.version})`;
  return text.replaceAll(/[^\x20-\x7e]/g, '_');
}

function terminalToken(env: Environment): string {
  const program = env['TERM_PROGRAM']?.trim();
  if (!program) return env['TERM']?.trim() || 'unknown';
  const version = env['TERM_PROGRAM_VERSION']?.trim();
  return version ? `${program}/${version}` : program;
}
