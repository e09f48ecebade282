import type { Clock } from '../../host/clock.ts';
import type { Files } from '../../host/files.ts';
import type { Network } from '../../net/network.ts';
import type { Target } from '../../target/target.ts';
import type { ClientSoftware } from '../auth/ask.ts';
import type { ModelObserver } from '../model/observer.ts';

export interface ModelProviderOptions {
  /** The home that the core works with: its configuration names the provider, and its login is used and renewed. */
  readonly target: Target;
  readonly network: Network;
  readonly files: Files;
  readonly clock: Clock;
  readonly client: ClientSoftware;
  /** `CODEX_API_KEY` counts, as it does for `exec` and not for interactive sessions (spec/transport.md 4.2). */
  readonly unattended: boolean;
  /** Renews a login that ends or was refused. False for who only examines: a token is spent by renewing it. */
  readonly renewsLogins: boolean;
  /** Hears of requests for the model list. */
  readonly observer?: Pick<ModelObserver, 'attempt'> | undefined;
  /** Ends what runs in the background. */
  readonly signal?: AbortSignal | undefined;
}
