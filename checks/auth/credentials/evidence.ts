import type { CredentialFacts } from '../../../src/target/credentials/facts.ts';

export interface CredentialEvidence {
  readonly agent: string;
  readonly command: string;
  readonly loginCommand: string;
  readonly home: { readonly path: string; readonly source: string; readonly state: string };
  /** The configuration is broken in a way that leaves open which provider would be used. */
  readonly providerIsUncertain: boolean;
  readonly provider: {
    readonly id: string;
    readonly requiresOpenaiAuth: boolean;
    readonly environmentKeyInstructions: string | undefined;
  };
  readonly credentials: CredentialFacts;
}
