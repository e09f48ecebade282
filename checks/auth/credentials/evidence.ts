import type { CredentialFacts } from '../../../src/target/credentials/facts.ts';

export interface CredentialEvidence {
  readonly agent: string;
  readonly command: string;
  readonly loginCommand: string;
  readonly home: { readonly path: string; readonly source: string; readonly state: string };
  /** The agent refuses its configuration, so nobody knows which provider it would use. */
  readonly configIsBroken: boolean;
  readonly provider: {
    readonly id: string;
    readonly requiresOpenaiAuth: boolean;
    readonly environmentKeyInstructions: string | undefined;
  };
  readonly credentials: CredentialFacts;
}
