import { files } from '../host/files.ts';
import type { Network } from '../net/network.ts';
import type { ConfigOverrides } from '../target/config/load.ts';
import { chooseHome } from '../target/home.ts';
import type { Environment } from '../target/home.ts';
import { networkOf } from '../target/network.ts';
import type { ProfileId } from '../target/profile.ts';
import { createTarget } from '../target/target.ts';
import type { Target } from '../target/target.ts';

export interface TargetChoice {
  /** Whose home it is, and how it is laid out. */
  readonly profile: ProfileId;
  /** Undefined: what the profile's variable names, or its default. */
  readonly home: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly overrides: ConfigOverrides;
}

/** A home, and the way out that its configuration asks for. Nothing is read before it is asked for. */
export function openTarget({ profile, home: named, env, cwd, overrides }: TargetChoice): {
  readonly target: Target;
  readonly network: Network;
} {
  const home = chooseHome({ target: profile, home: named, cwd, env }, files);
  const target = createTarget({ home, cwd, env, files, overrides });
  return { target, network: networkOf(target, { files }) };
}
