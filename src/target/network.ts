import type { Files } from '../host/files.ts';
import type { NameResolver } from '../net/dial/lookup.ts';
import { createNetwork } from '../net/network.ts';
import type { Network } from '../net/network.ts';
import type { Target } from './target.ts';

/**
 * The way out of an installation: the variables of its environment, the home's `.env` among them, say whom to trust and which
 * proxies to take. Nothing is read before it is asked for.
 * @param resolver looks up names; default this process itself
 */
export const networkOf = (
  target: Pick<Target, 'cwd' | 'environment' | 'home'>,
  { files, resolver }: { readonly files: Files; readonly resolver?: NameResolver | undefined },
): Network =>
  createNetwork({
    environment: () => target.environment(),
    caVariables: target.home.profile.caVariables,
    files,
    cwd: target.cwd,
    ...(resolver && { resolver }),
  });
