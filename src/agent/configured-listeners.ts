import type { OpenListener } from './listeners.ts';

/** Those that the configuration or the environment may ask for; each decides for itself, and loads nothing otherwise. */
export const CONFIGURED_LISTENERS: readonly OpenListener[] = [
  async (place) => (await import('./otel-listener.ts')).openOtelListener(place),
  async (place) => (await import('./trace-listener.ts')).openTraceListener(place),
];
