import type { HttpObservation, WebSocketObservation } from '../../../src/net/network.ts';
import type { SentCredential } from '../../network/parts/credential.ts';

/** What the provider said to the credential, and what is known of the credential itself. */
export interface LiveEvidence {
  readonly agent: string;
  readonly loginCommand: string;
  readonly credential: SentCredential;
  readonly nowMs: number;
  /** Dates of the stored login, where that is what was sent. */
  readonly issuedAtMs: number | undefined;
  readonly lastRefreshMs: number | undefined;
  /** What was sent is a key that `login --with-api-key` has stored. */
  readonly isStoredKey: boolean;
  readonly hasRefreshToken: boolean;
  /** Where the agent renews a login, as a report may show it. */
  readonly refreshUrl: string | undefined;
  /** `forced_chatgpt_workspace_id` is set; another workspace would not have been sent. */
  readonly isWorkspaceForced: boolean;
  /** Asked without a credential, where it should want none. */
  readonly provider: {
    readonly id: string;
    readonly origin: 'built-in' | 'configured';
    /** The configuration has headers for it, one of which may be a credential. */
    readonly hasHeaders: boolean;
    /** Variables that should hold the value of a header, and are not set or blank. */
    readonly unsetVariables: readonly string[];
  };
  readonly models: HttpObservation | undefined;
  readonly websocket: WebSocketObservation | undefined;
}
