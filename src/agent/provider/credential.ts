import type { EffectiveCredential } from '../../target/credentials/facts.ts';
import type { UnauthorizedRecovery } from '../auth/recovery.ts';
import type { RequestAuth } from './provider.ts';

/** What one request carries, and where requests go by default with it. */
export interface ResolvedCredential {
  readonly credential: EffectiveCredential;
  readonly auth: RequestAuth;
  /** Where the credential decides the address by itself. */
  readonly baseUrl?: string;
}

/** One way in which a provider is authorised. */
export interface CredentialSource {
  /** @throws ModelError */
  resolve(): Promise<ResolvedCredential>;
  recovery(): UnauthorizedRecovery;
}
