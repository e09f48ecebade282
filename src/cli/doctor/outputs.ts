import { resolve } from 'node:path';
import type { Format } from '../../../reporters/reporter.ts';
import { files } from '../../host/files.ts';
import { nearest } from '../../doctor/select.ts';
import { UsageError } from '../usage-error.ts';

/** One `--format NAME[=FILE]`. */
export interface Output {
  readonly name: string;
  readonly format: Format;
  /** Absolute; standard output without one. */
  readonly file?: string;
}

interface OutputChoice {
  /** As they were typed: `NAME`, `NAME=FILE`, `NAME=-`. */
  readonly words: readonly string[];
  /** Known formats by name, those of plugins included. */
  readonly formats: Readonly<Record<string, Format>>;
  /** Files are meant from here. */
  readonly cwd: string;
}

/** Shown on standard output when nothing else is. */
const DEFAULT_FORMAT = 'human';
const STANDARD_OUTPUT = '-';

/**
 * Where a report goes and how it looks there. Whoever sends every format to a file still sees the page for people.
 * @throws UsageError for a name that is unknown, and where two formats would share one place
 */
export function chooseOutputs({ words, formats, cwd }: OutputChoice): readonly Output[] {
  const outputs = words.map((word) => parseOutput(word, { formats, cwd }));
  if (outputs.every(({ file }) => file !== undefined))
    outputs.unshift(parseOutput(DEFAULT_FORMAT, { formats, cwd }));
  const places = new Map<string | undefined, string>();
  for (const { name, file } of outputs) {
    const other = places.get(file);
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${name} would both be written to ${file ?? 'standard output'}.`,
        `Give one of them a file of its own: --format ${name}=FILE`,
      );
    places.set(file, name);
  }
  return outputs;
}

function parseOutput(word: string, { formats, cwd }: Omit<OutputChoice, 'words'>): Output {
  const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (!format) {
    const suggestion = nearest(name, Object.keys(formats));
    throw new UsageError(
      `There is no format ${name}.`,
      suggestion ? `Did you mean ${suggestion}?` : `There are ${Object.keys(formats).join(', ')}.`,
    );
  }
  if (file === '')
    throw new UsageError(`--format ${word} names no file.`, `For example: ${name}=doctor${format.extension}`);
  return file === undefined || file === STANDARD_OUTPUT
    ? { name, format }
    : { name, format, file: resolve(cwd, file) };
}

/**
 * The patient is unharmed: a report beside what it is about would change what the next examination sees.
 * @throws UsageError
 */
export async function refuseToWriteInto(home: string, outputs: readonly Output[]): Promise<void> {
  if (outputs.every(({ file }) => file === undefined)) return;
  const { leadsInto } = await import('../../host/inside.ts');
  for (const { name, file } of outputs)
    if (file !== undefined && leadsInto(file, home, files))
      throw new UsageError(
        `${file} stands in the examined home, which stays as it is.`,
        `Another place: --format ${name}=FILE`,
      );
}
