import { dirname } from 'node:path';
import { booleanAt, stringAt, tableAt, valueAt } from '../../target/config/facts.ts';
import type { ConfigFacts } from '../../target/config/facts.ts';
import { configuredExporter, readExporter } from './read-exporter.ts';
import type { ConfiguredExporter } from './read-exporter.ts';
import { readPace } from './read-pace.ts';
import { readTracestate } from './read-tracestate.ts';
import { createVariables } from './read-variables.ts';
import type { Tell, Variables } from './read-variables.ts';
import { SIGNALS } from './settings.ts';
import type { OtelProblem, OtelSettings, OtlpSettings, Signal } from './settings.ts';

export interface OtelSources {
  /** `[otel]` and `[analytics]`. A project's own file has no say in either: it was left out when the layers were merged. */
  readonly config: Pick<ConfigFacts, 'effective' | 'sourceOf'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative paths in variables start here. */
  readonly cwd: string;
  /**
   * Somebody asked for an export on the command line: signals go wherever an endpoint is named, without a word that
   * switches them on. What is switched off by name stays off.
   */
  readonly isAskedFor?: boolean;
}

const EXPORTER_KEYS = {
  logs: 'otel.exporter',
  traces: 'otel.trace_exporter',
  metrics: 'otel.metrics_exporter',
} as const satisfies Record<Signal, string>;

/**
 * What is to be exported and how, from `[otel]` and the standard variables; where both say something, the configuration
 * wins. A signal is on where its exporter is named, never by an endpoint alone: that may be meant for whatever else runs
 * in the same container. Pure; what cannot be used is left out and told in `problems`.
 */
export function readOtelSettings(sources: OtelSources): OtelSettings {
  const { config, environment, cwd } = sources;
  const problems: OtelProblem[] = [];
  // Several signals read the same variables; each fault is told once.
  const tell: Tell = (problem) => {
    if (!problems.some(({ message }) => message === problem.message)) problems.push(problem);
  };
  const variables = createVariables(environment, tell);
  const at = config.effective;
  const resourceAttributes = variables.pairs('OTEL_RESOURCE_ATTRIBUTES') ?? {};
  const serviceName = variables.text('OTEL_SERVICE_NAME') ?? resourceAttributes['service.name'];
  const signals: Partial<Record<Signal, OtlpSettings>> = {};
  for (const signal of wantedSignals(sources, variables, tell)) {
    const exporter = readExporter(signal, {
      configured: configuredFor(signal, sources),
      variables,
      cwd,
      tell,
    });
    if (exporter) signals[signal] = exporter;
  }
  return {
    signals,
    environment: stringAt(at, 'otel.environment') ?? resourceAttributes['env'] ?? 'dev',
    ...(serviceName !== undefined && { serviceName }),
    resourceAttributes,
    spanAttributes: readSpanAttributes(at, tell),
    tracestate: readTracestate(tableAt(at, 'otel.tracestate') ?? {}, tell),
    logUserPrompt: booleanAt(at, 'otel.log_user_prompt') ?? false,
    capturesContent: readCapture(variables),
    pace: readPace(variables),
    problems,
    warnings: problems.map(({ message }) => message),
  };
}

function configuredFor(signal: Signal, { config, cwd }: OtelSources): ConfiguredExporter | undefined {
  const keyPath = EXPORTER_KEYS[signal];
  const layer = config.sourceOf(keyPath);
  return configuredExporter(valueAt(config.effective, keyPath), {
    keyPath,
    folder: !layer || layer.kind === 'override' ? cwd : dirname(layer.origin),
  });
}

function wantedSignals(sources: OtelSources, variables: Variables, tell: Tell): readonly Signal[] {
  const { config, isAskedFor = false } = sources;
  if (variables.isTrue('OTEL_SDK_DISABLED')) {
    const disabled = SIGNALS.filter((signal) => isExporting(configuredFor(signal, sources)));
    if (isAskedFor || disabled.length > 0)
      tell({
        kind: 'note',
        source: 'OTEL_SDK_DISABLED',
        message: 'OTEL_SDK_DISABLED is true, so nothing is exported',
      });
    return [];
  }
  const words = SIGNALS.map((signal) => [signal, wordFor(signal, sources, variables, tell)] as const);
  const endpoints = words.filter(
    ([signal, word]) =>
      word === 'on' || (word !== 'off' && variables.firstSet(endpointNames(signal)) !== undefined),
  );
  const isOn = (signal: Signal, word: Word): boolean => {
    if (word !== 'unsaid') return word === 'on';
    // Nobody named a place for anything: the default one is meant, which a collector on the same machine has.
    return isAskedFor && (endpoints.length === 0 || endpoints.some(([named]) => named === signal));
  };
  return words.flatMap(([signal, word]) => {
    if (!isOn(signal, word)) return [];
    if (signal !== 'metrics' || booleanAt(config.effective, 'analytics.enabled') !== false) return [signal];
    tell({
      kind: 'note',
      signal,
      source: 'analytics.enabled',
      message: 'metrics are not exported, because analytics.enabled is false',
    });
    return [];
  });
}

const endpointNames = (signal: Signal): readonly string[] => [
  `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`,
  'OTEL_EXPORTER_OTLP_ENDPOINT',
];

const isExporting = (configured: ConfiguredExporter | undefined): boolean =>
  configured?.kind === 'otlp-http' || configured?.kind === 'otlp-grpc';

type Word = 'on' | 'off' | 'unsaid';

/** Whether somebody switched the signal on or off by name. */
function wordFor(signal: Signal, sources: OtelSources, variables: Variables, tell: Tell): Word {
  const configured = configuredFor(signal, sources);
  if (isExporting(configured)) return 'on';
  if (configured?.kind === 'statsig')
    tell({
      kind: 'note',
      signal,
      source: configured.keyPath,
      message: `${configured.keyPath} is statsig, which is codex's own service: nothing goes there from here`,
    });
  if (configured) return 'off';
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const named = (variables.text(name) ?? '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  for (const word of named)
    if (word !== 'otlp' && word !== 'none')
      tell({
        kind: 'value',
        signal,
        source: name,
        message: `${name} names an exporter other than otlp and none, which is left out`,
      });
  if (named.includes('otlp')) return 'on';
  return named.length > 0 ? 'off' : 'unsaid';
}

function readSpanAttributes(at: ConfigFacts['effective'], tell: Tell): Record<string, string> {
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(tableAt(at, 'otel.span_attributes') ?? {})) {
    if (key.trim() === '')
      tell({
        kind: 'value',
        source: 'otel.span_attributes',
        message: 'otel.span_attributes has an empty key, which is left out',
      });
    else if (typeof value === 'string') kept.push([key, value]);
  }
  return Object.fromEntries(kept);
}

const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';
const CAPTURE_WORDS = ['true', 'false', 'no_content', 'span_only', 'span_and_event', 'event_only'] as const;

/** Older instrumentations take true and false, newer ones say where content may go; here it goes to spans alone. */
function readCapture(variables: Variables): boolean {
  const word = variables.word(CAPTURE, CAPTURE_WORDS);
  return word === 'true' || word === 'span_only' || word === 'span_and_event';
}
