import { visible } from '../../src/redact/control.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** A gauge: all that a single run can say. Its name carries its unit. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The text format 0.0.4, which Prometheus scrapes, and its node exporter reads from files. No sample has a timestamp: files may not. */
export const exposition = (gauges: readonly Gauge[], shared: Labels): string =>
  gauges
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}\n`,
        `# TYPE ${name} gauge\n`,
        ...samples.map(({ labels, value }) => `${name}${labelsText({ ...shared, ...labels })} ${value}\n`),
      ].join(''),
    )
    .join('');

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const labelValue = (text: string): string =>
  visible(text)
    .slice(0, LONGEST_VALUE)
    // What a cut may leave of a pair.
    .toWellFormed()
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

/** Versions and names are shorter; many servers refuse labels that are much longer. */
const LONGEST_VALUE = 200;
