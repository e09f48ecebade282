import type { Files } from '../../host/files.ts';
import type { Secret } from '../../redact/secret.ts';
import type { StoredMode } from '../credentials/stored-mode.ts';
import type { Target } from '../target.ts';

/** How a request is signed, in the words of `codex doctor`; `provider` is a credential of the provider's own. */
export type AuthMode = StoredMode | 'provider' | 'aws' | 'none';

/**
 * The credential as a request carries it. The only place where secrets leave the files: each is wrapped, so that it
 * can be sent and not shown.
 */
export type Authorization =
  | {
      readonly kind: 'attached';
      readonly mode: AuthMode;
      /** Where it stands: a file, a variable, a configuration key. */
      readonly source: string;
      /** `Authorization` and its companions, such as `ChatGPT-Account-ID`. */
      readonly headers: Readonly<Record<string, Secret>>;
    }
  | {
      readonly kind: 'unattached';
      readonly mode: AuthMode;
      readonly source?: string;
      readonly reason: UnattachedReason;
    };

export type UnattachedReason =
  /** No credential is set up. */
  | 'none'
  /** The provider wants none. */
  | 'not_needed'
  /** Parts are missing, or a variable is unset or blank; `auth.credentials` says which. */
  | 'incomplete'
  /** The access token has expired and the agent will renew it before it asks; we never do. */
  | 'expired'
  /** In the keyring of the operating system, which is not opened. */
  | 'keyring'
  /** A command prints it; run under `--deep` only. */
  | 'command'
  /** The command was run and gave no token. */
  | 'command_failed'
  /** Every request is signed on its own (AWS SigV4). */
  | 'signing'
  /** Would have to register a task first. */
  | 'agent_identity'
  /** It holds characters that no header may have. */
  | 'illegal_value'
  /** The configuration names a provider that does not exist. */
  | 'unknown_provider';

export interface AuthorizationOptions {
  readonly files: Files;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Run the command that prints a token, when the provider has one. */
  readonly runCommand: boolean;
  /** Folder of a command without a `cwd` of its own. */
  readonly cwd: string;
}

/** The credential that `target.credentials().effective` names, read again with its secrets. Nothing is refreshed. */
export async function authorizationOf(
  _target: Pick<Target, 'config' | 'credentials' | 'environment' | 'providers'>,
  _options: AuthorizationOptions,
): Promise<Authorization> {
  return { kind: 'unattached', mode: 'none', reason: 'none' };
}
