import type { FileType } from '../../host/files.ts';
import type { StoredMode } from './stored-mode.ts';
import type { StoredCredential } from './stored.ts';

/** `cli_auth_credentials_store`. `auto` asks the keyring first and then the file. */
export const STORAGE_MODES = ['file', 'keyring', 'auto', 'ephemeral'] as const;
export type StorageMode = (typeof STORAGE_MODES)[number];

/** The credential file, whether or not the storage mode makes the agent read it. */
export type CredentialFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'dangling' | 'loop' | 'too_large' | 'not_utf8' }
  | { readonly kind: 'wrong_type'; readonly type: FileType }
  | { readonly kind: 'denied' | 'failed'; readonly code: string }
  | {
      readonly kind: 'malformed';
      readonly problem: string;
      readonly line?: number | undefined;
      readonly column?: number | undefined;
    }
  | { readonly kind: 'stored'; readonly credential: StoredCredential };

/** The entry of the operating system's keyring. Its place is named and it is never opened: that can ask the user. */
export interface KeyringEntry {
  readonly service: string;
  readonly account: string;
  /** Why no keyring can be reached from here, when that can be told without asking it. */
  readonly unreachable: string | undefined;
  /** Why it may be locked for this session. */
  readonly mayBeLocked: string | undefined;
}

/** What the configuration demands of a login. */
export interface LoginRestriction {
  readonly method: 'chatgpt' | 'api' | undefined;
  /** Empty: any workspace. */
  readonly workspaces: readonly string[];
}

export type AwsSource =
  | 'AWS_BEARER_TOKEN_BEDROCK'
  | 'stored Bedrock credential'
  | 'AWS access keys in the environment'
  | 'AWS profile files'
  | 'container or web identity'
  | 'none found';

/** What a request of the agent will carry, told from precedence alone. */
export type EffectiveCredential =
  /** `env_key` of the provider; nothing else is tried when it is missing. */
  | {
      readonly kind: 'provider_variable';
      readonly name: string;
      readonly state: 'present' | 'blank' | 'missing';
    }
  /** `experimental_bearer_token` of the provider. */
  | { readonly kind: 'provider_token' }
  | { readonly kind: 'provider_command' }
  | { readonly kind: 'aws'; readonly source: AwsSource; readonly region: string | undefined }
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'stored'; readonly mode: StoredMode }
  /** Kept in the keyring, if anywhere. */
  | { readonly kind: 'keyring' }
  | { readonly kind: 'none' }
  /** The configuration names a provider that does not exist. */
  | { readonly kind: 'unknown' };

export interface CredentialVariable {
  readonly name: string;
  readonly origin: string;
}

export interface CredentialFacts {
  readonly storage: StorageMode;
  readonly path: string;
  readonly file: CredentialFile;
  /** Undefined where the storage mode asks no keyring. */
  readonly keyring: KeyringEntry | undefined;
  /** Credential variables that are set to more than white space, strongest first. */
  readonly variables: readonly CredentialVariable[];
  readonly restriction: LoginRestriction;
  /** Why the stored login, or a credential variable, is refused by the restriction. */
  readonly refused: readonly Refusal[];
  /** For `codex exec` and other unattended runs. */
  readonly effective: EffectiveCredential;
  /** For interactive sessions and editors, which do not read the strongest variable. */
  readonly interactive: EffectiveCredential;
}

export interface Refusal {
  /** `stored login` or the name of a variable. */
  readonly source: string;
  readonly reason: 'method' | 'workspace';
}
