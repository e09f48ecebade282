import type { Telemetry } from '../agent.ts';
import type { OpenListener } from './listeners.ts';

const trace: OpenListener = async (place) => (await import('./trace-listener.ts')).openTraceListener(place);

/** Those that may have to listen; each decides for itself whether it was asked for, and loads nothing otherwise. */
const LISTENERS: Readonly<Record<Telemetry, readonly OpenListener[]>> = {
  configured: [async (place) => (await import('./otel-listener.ts')).openOtelListener(place), trace],
  program: [async (place) => (await import('./otel-listener.ts')).joinProgram(place), trace],
  off: [],
};

export const listenersFor = (telemetry: Telemetry): readonly OpenListener[] => LISTENERS[telemetry];
