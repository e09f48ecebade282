import { idle, skip } from '../../../src/doctor/check.ts';
import type { Verdict } from '../../../src/doctor/check.ts';
import type { CheckContext } from '../../../src/doctor/context.ts';
import { leavesProviderOpen } from '../../../src/target/config/facts.ts';
import { stateOfHome } from '../../../src/target/home.ts';
import type { Provider } from '../../../src/target/provider/facts.ts';
import type { ProviderRoutes } from '../../../src/target/request/routes.ts';

/** Why nothing is sent to the provider, told from the facts of the home alone. */
export type ReasonNotToAsk =
  /** No agent was ever set up on this machine, so nobody wants to reach anything. */
  | { readonly kind: 'not_set_up'; readonly agent: string; readonly home: string }
  /** The home cannot be used, so its provider is not known. */
  | { readonly kind: 'home_unusable' }
  /** The configuration is broken where it could name a provider. The agent does not start and so asks nobody. */
  | { readonly kind: 'provider_open' }
  | { readonly kind: 'unknown_provider'; readonly id: string }
  /** The base URL is none that a request can go to. */
  | { readonly kind: 'unusable_address' };

export type WhomToAsk =
  /** The agent would ask this provider, and so may the doctor. */
  | { readonly kind: 'provider'; readonly provider: Provider; readonly routes: ProviderRoutes }
  | { readonly kind: 'nobody'; readonly reason: ReasonNotToAsk };

const nobody = (reason: ReasonNotToAsk): WhomToAsk => ({ kind: 'nobody', reason });

export function whomToAsk({
  target,
  files,
  reachability,
}: Pick<CheckContext, 'target' | 'files' | 'reachability'>): WhomToAsk {
  const { home } = target;
  const { effective, variables } = target.credentials();
  const state = stateOfHome(home.path, files);
  if (state !== 'directory' && effective.kind === 'none') {
    const isNew = state === 'missing' && home.source === 'default';
    if (!isNew) return nobody({ kind: 'home_unusable' });
    if (variables.length === 0)
      return nobody({ kind: 'not_set_up', agent: home.profile.name, home: home.path });
  }
  if (target.config().problems.some(leavesProviderOpen)) return nobody({ kind: 'provider_open' });
  const { activeId, active: provider } = target.providers();
  const routes = reachability.routes();
  if (!provider || !routes) return nobody({ kind: 'unknown_provider', id: activeId });
  const isUsable = routes.flaw !== 'unreadable' && routes.flaw !== 'wrong_scheme';
  return isUsable ? { kind: 'provider', provider, routes } : nobody({ kind: 'unusable_address' });
}

export function verdictWithoutAsking(reason: ReasonNotToAsk): Verdict {
  switch (reason.kind) {
    case 'not_set_up':
      return idle({ summary: `not asked: ${reason.agent} is not set up yet, ${reason.home} does not exist` });
    case 'home_unusable':
      return skip({ because: 'state.paths', summary: 'not asked: the home cannot be used' });
    case 'provider_open':
      return skip({
        because: 'config.load',
        summary: 'not asked: the provider depends on a configuration that is broken',
      });
    case 'unknown_provider':
      return skip({
        because: 'config.load',
        summary: `not asked: the configuration names an unknown provider, ${reason.id}`,
      });
    case 'unusable_address':
      return skip({ because: 'network.env', summary: 'not asked: no request can go to the base URL' });
  }
}
