import type { OpenListener } from './listeners.ts';

/** Those that the configuration or the environment may ask for. */
export const CONFIGURED_LISTENERS: readonly OpenListener[] = [];
