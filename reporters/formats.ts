import type { Format } from './reporter.ts';

/** Every output format by its name. Each is a file of its own, loaded when it is asked for. */
export const FORMATS = {
  human: {
    description: 'the evidence, section by section (default)',
    extension: '.txt',
    mediaType: 'text/plain',
    forTerminal: true,
    load: async () => (await import('./human.ts')).human,
  },
  summary: {
    description: 'one line per check',
    extension: '.txt',
    mediaType: 'text/plain',
    forTerminal: true,
    load: async () => (await import('./summary.ts')).summary,
  },
  json: {
    description: 'one JSON document (schema: stethos/report.schema.json)',
    extension: '.json',
    mediaType: 'application/json',
    forTerminal: false,
    load: async () => (await import('./json.ts')).json,
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;
