import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import { METRICS } from './codex-metrics.ts';
import type { MetricName, MetricShape } from './codex-metrics.ts';
import { GENAI_METRICS } from './genai-names.ts';
import type { GenAiMetricName } from './genai-names.ts';
import type { OtelApi } from './trace-context.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Measurements {
  /** A counter of codex's vocabulary. */
  readonly count: (name: MetricName, tags: Tags, increment?: number) => void;
  /** A histogram of codex's vocabulary: integers. */
  readonly record: (name: MetricName, value: number, tags: Tags) => void;
  /** Anything of the GenAI conventions. */
  readonly genAi: (name: GenAiMetricName, value: number, attributes: Attributes) => void;
}

const TAG = /^[A-Za-z0-9._/-]+$/;
const NAME = /^[A-Za-z0-9._-]+$/;

export const isMetricName = (name: string): boolean => NAME.test(name);

export interface MeasurementsOptions {
  readonly api: OtelApi;
  readonly meter: Meter | undefined;
  /** Called once for each kind of sample that is dropped. */
  readonly warn: (message: string) => void;
}

/** Metrics by name; a sample that the vocabulary does not allow is dropped (spec/observability.md 4.5). */
export function createMeasurements({ api, meter, warn }: MeasurementsOptions): Measurements {
  const instruments = new Map<string, Counter | Histogram>();
  const instrument = (
    name: string,
    shape: MetricShape,
    valueType: number,
  ): Counter | Histogram | undefined => {
    if (!meter) return undefined;
    const known = instruments.get(name);
    if (known) return known;
    const { unit, description, bounds } = shape;
    const options = {
      valueType,
      ...(unit !== undefined && { unit }),
      ...(description !== undefined && { description }),
      ...(bounds && { advice: { explicitBucketBoundaries: [...bounds] } }),
    };
    const made =
      shape.instrument === 'counter'
        ? meter.createCounter(name, options)
        : meter.createHistogram(name, options);
    instruments.set(name, made);
    return made;
  };

  const isAllowed = (name: string, value: number, tags: Tags): boolean => {
    const problem = problemOf(value, tags);
    if (problem === undefined) return true;
    warn(`A sample of ${name} is dropped: ${problem}.`);
    return false;
  };

  const measure = (name: MetricName, value: number, tags: Tags): void => {
    const found = instrument(name, METRICS[name], api.ValueType.INT);
    if (found && isAllowed(name, value, tags)) write(found, value, tags);
  };

  return {
    count: (name, tags, increment = 1) => measure(name, increment, tags),
    record: (name, value, tags) => measure(name, Math.round(value), tags),
    genAi(name, value, attributes) {
      const isWhole = name.includes('_tokens') || name.endsWith('_calls');
      const found = instrument(name, GENAI_METRICS[name], isWhole ? api.ValueType.INT : api.ValueType.DOUBLE);
      if (found && isAllowed(name, value, NO_TAGS)) write(found, value, attributes);
    },
  };
}

const NO_TAGS: Tags = {};

function write(instrument: Counter | Histogram, value: number, attributes: Attributes): void {
  if ('add' in instrument) instrument.add(value, attributes);
  else instrument.record(value, attributes);
}

function problemOf(value: number, tags: Tags): string | undefined {
  if (!Number.isFinite(value)) return 'its value is no number';
  if (value < 0) return 'its value is negative';
  for (const [key, tag] of Object.entries(tags)) {
    if (!TAG.test(key)) return 'a tag has a name that metrics cannot have';
    if (!TAG.test(tag)) return `the tag ${key} has a value that metrics cannot have`;
  }
  return undefined;
}
