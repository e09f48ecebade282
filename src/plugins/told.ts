import { z } from 'zod';
import { LOAD_FAULTS } from './protocol.ts';
import type { Told } from './protocol.ts';

/** As much of a plugin's own words as stands in a row. */
const MAX_MESSAGE = 2_000;
const shortened = z.string().transform((text) => text.slice(0, MAX_MESSAGE));

const TOLD: z.ZodType<Told> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('manifest'), manifest: z.unknown() }),
  z.object({ kind: z.literal('begun') }),
  z.object({ kind: z.literal('waiting'), what: shortened }),
  z.object({ kind: z.literal('verdict'), verdict: z.unknown() }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({
    kind: z.literal('failed'),
    message: shortened,
    reason: z.enum(LOAD_FAULTS).exactOptional(),
  }),
]);

/** One line that a plugin's process said; undefined where it is none of ours. */
export function toldIn(line: string): Told | undefined {
  try {
    return TOLD.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What is wrong with a value, in one line: `issues[0].severity: Invalid option`. */
export function problemOf({ issues: [first] }: z.ZodError): string {
  if (!first) return 'it is not understood';
  const place = first.path.reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}${path && '.'}${String(part)}`),
    '',
  );
  return place === '' ? first.message : `${place}: ${first.message}`;
}
