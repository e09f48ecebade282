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
  codex: {
    description: 'the shape of `codex doctor --json`, for strict readers',
    extension: '.json',
    mediaType: 'application/json',
    forTerminal: false,
    load: async () => (await import('./codex.ts')).codex,
  },
  ndjson: {
    description: 'one JSON object per line, while the checks run (schema: stethos/report-lines.schema.json)',
    extension: '.ndjson',
    mediaType: 'application/x-ndjson',
    forTerminal: false,
    load: async () => (await import('./ndjson.ts')).ndjson,
    loadStream: async () => (await import('./ndjson.ts')).ndjsonStream,
  },
  'health+json': {
    description: 'health check response (draft-inadarei-api-health-check-06)',
    extension: '.json',
    mediaType: 'application/health+json',
    forTerminal: false,
    load: async () => (await import('./health-json.ts')).healthJson,
  },
  junit: {
    description: 'JUnit file for GitLab, Jenkins, Azure',
    extension: '.xml',
    mediaType: 'application/xml',
    forTerminal: false,
    load: async () => (await import('./junit.ts')).junit,
  },
  nagios: {
    description: 'one line with performance data (exit codes of Nagios: stethos nagios)',
    extension: '.txt',
    mediaType: 'text/plain',
    forTerminal: false,
    load: async () => (await import('./nagios.ts')).nagios,
  },
  prometheus: {
    description: 'gauges in the text format of Prometheus',
    extension: '.prom',
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
    forTerminal: false,
    load: async () => (await import('./prometheus.ts')).prometheus,
  },
  sarif: {
    description: 'SARIF 2.1.0 for code scanning',
    extension: '.sarif',
    mediaType: 'application/sarif+json',
    forTerminal: false,
    load: async () => (await import('./sarif.ts')).sarif,
  },
  tap: {
    description: 'TAP 14',
    extension: '.tap',
    mediaType: 'text/plain',
    forTerminal: false,
    load: async () => (await import('./tap.ts')).tap,
  },
  html: {
    description: 'one page for a browser: causes, search, evidence, timeline',
    extension: '.html',
    mediaType: 'text/html',
    forTerminal: false,
    load: async () => (await import('./html.ts')).html,
  },
  markdown: {
    description: 'Markdown to paste into an issue',
    extension: '.md',
    mediaType: 'text/markdown',
    forTerminal: false,
    load: async () => (await import('./markdown.ts')).markdown,
  },
  github: {
    description: 'annotations of GitHub Actions (workflow commands)',
    extension: '.txt',
    mediaType: 'text/plain',
    forTerminal: false,
    load: async () => (await import('./github.ts')).github,
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;
