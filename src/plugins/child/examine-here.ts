import type { Plugin } from '../plugin.ts';
import type { Question } from '../protocol.ts';
import { tell } from './tell.ts';

/** As much as a line of progress shows. */
const MAX_WAITING = 200;

/** Probes and judges one check of the plugin, with a context that is built from the options alone. */
export async function examineHere(
  plugin: Plugin,
  { id, context }: Extract<Question, { kind: 'check' }>,
  signal: AbortSignal,
): Promise<unknown> {
  const check = plugin.checks?.find((candidate) => candidate.id === id);
  if (!check) throw new TypeError(`the plugin has no check ${id}`);
  // Not before it is needed: to tell its manifest, a plugin needs no context.
  const { createContext } = await import('../../doctor/context.ts');
  const shared = createContext(context);
  let last: string | undefined;
  tell({ kind: 'begun' });
  const seen = await check.probe({
    ...shared,
    signal,
    waitingFor: (what) => {
      const words = what.slice(0, MAX_WAITING);
      if (words !== last) tell({ kind: 'waiting', what: words });
      last = words;
    },
  });
  return check.judge(seen);
}
