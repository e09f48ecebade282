import type { ContextOptions } from '../doctor/context.ts';
import type { RedactedReport } from '../doctor/report.ts';
import type { Style } from '../../reporters/reporter.ts';

/*
 * What goes between this process and the process of a plugin: one JSON document a line. Questions come on its standard
 * input; answers go out on a descriptor of their own, so that nothing that a plugin prints is taken for one.
 */

export const ANSWERS = 3;

/** Names the plugin's processes, and with that whatever they start: see `leftovers.ts`. */
export const MARK_VARIABLE = 'STETHOS_PLUGIN_PROCESS';

/** The command line of the process of a plugin, as JSON. */
export interface PluginJob {
  readonly specifier: string;
  readonly from: string;
  /** Process id of whoever asks: the process does not outlive it. */
  readonly parent: number;
}

export type Question =
  | { readonly kind: 'check'; readonly id: string; readonly context: ContextOptions }
  | {
      readonly kind: 'render';
      readonly name: string;
      readonly report: RedactedReport;
      readonly style: Style;
    }
  /** The time of the check is over: its signal aborts. */
  | { readonly kind: 'abort' };

/** What the process says; none of it is believed before it was looked at. */
export type Told =
  | { readonly kind: 'manifest'; readonly manifest: unknown }
  /** The context stands and the probe begins: its time runs from here. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'waiting'; readonly what: string }
  | { readonly kind: 'verdict'; readonly verdict: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string; readonly reason?: LoadFault };

/** Why a plugin cannot be loaded, where it is known in the process itself. */
export const LOAD_FAULTS = ['missing', 'malformed', 'wrong_type', 'exit'] as const;
export type LoadFault = (typeof LOAD_FAULTS)[number];
