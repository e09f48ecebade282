import type { HttpObservation } from '../../../src/net/network.ts';
import type { AddressFlaw } from '../../../src/target/request/routes.ts';
import type { Detour } from '../parts/detour.ts';
import type { SentCredential } from '../parts/credential.ts';
import type { Situation } from '../parts/situation.ts';

/** What came back from a provider that was asked. */
export interface ReachabilityEvidence {
  readonly situation: Situation;
  readonly providerId: string;
  /** Azure and Bedrock have no model list at this place, so a 404 there says nothing. */
  readonly hasModelList: boolean;
  readonly mode: ReachabilityMode;
  /** As a report may show them. */
  readonly urls: { readonly base: string; readonly models: string };
  /** Why requests go to other addresses than the user means. */
  readonly flaw: AddressFlaw | undefined;
  /** What proxy variables have to do with the way of the requests. */
  readonly detour?: Detour | undefined;
  readonly loginCommand: string;
  readonly credential: SentCredential;
  readonly base: HttpObservation | undefined;
  readonly models: HttpObservation | undefined;
  /** The upgrade of the inference route succeeded; looked at only where the model list leaves a doubt. */
  readonly inferenceIsOpen: boolean;
}

/** Which kind of login decides where requests go; the first three in the words of `codex doctor`. */
export type ReachabilityMode = 'API key auth' | 'ChatGPT auth' | 'provider auth' | 'no credential';
