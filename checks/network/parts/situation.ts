import type { ProviderRoutes } from '../../../src/target/request/routes.ts';
import type { Target } from '../../../src/target/target.ts';

/** Where a request was to go, as a report may say it. */
export interface Situation {
  readonly agent: string;
  /** Name and port of the endpoint, as its URL has them. */
  readonly host: string;
  /** The endpoint is this machine. */
  readonly isLoopback: boolean;
  /** The key or variable that sets the address; undefined for the agent's own default. */
  readonly addressSource: string | undefined;
  /** Custom CA variables that the agent reads, strongest first. */
  readonly caVariables: readonly string[];
  /** The one of them that is set; absent where the system's certificates alone are trusted. */
  readonly customCaVariable?: string | undefined;
  /** Starts the model server that this provider stands for, on this machine. */
  readonly startCommand: string | undefined;
}

/** The unspecified addresses lead to this machine as well. */
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i;

export const isThisMachine = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

/** Where the address can be corrected. */
export const placeOfAddress = ({ addressSource }: Situation): string => addressSource ?? 'the base URL';

/** Starts the model server of a provider that stands for one on this machine. */
const START_COMMANDS: Readonly<Record<string, string>> = {
  ollama: 'ollama serve',
  lmstudio: 'lms server start',
};

export function situationOf(
  { environment, home, providers }: Pick<Target, 'environment' | 'home' | 'providers'>,
  { base, source }: Pick<ProviderRoutes, 'base' | 'source'>,
): Situation {
  const url = new URL(base);
  return {
    agent: home.profile.name,
    host: url.host,
    isLoopback: isThisMachine(url),
    addressSource: source,
    caVariables: home.profile.caVariables,
    customCaVariable: home.profile.caVariables.find((name) => environment().values[name]),
    startCommand: START_COMMANDS[providers().activeId],
  };
}
