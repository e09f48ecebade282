import { writeSync } from 'node:fs';
import { describeThrown } from '../../doctor/runner.ts';
import { ANSWERS } from '../protocol.ts';
import type { LoadFault, Told } from '../protocol.ts';

/** More than this of an error's words helps nobody. */
const MAX_MESSAGE = 2_000;

/** The plugin could not be taken for one, for a reason that has a class. */
export class NotLoaded extends Error {
  readonly reason: LoadFault;

  constructor(reason: LoadFault, message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * At once, and not when the process finds the time: it may be about to end or to hang.
 * @throws TypeError where the answer is no plain data
 */
export function tell(told: Told): void {
  const bytes = Buffer.from(`${JSON.stringify(told, plainOnly)}\n`);
  let written = 0;
  while (written < bytes.length) written += writeSync(ANSWERS, bytes, written);
}

/** Anything can be thrown, also what cannot be read without throwing again. */
export function tellFailure(error: unknown): void {
  let message = 'threw something that cannot be told';
  try {
    message = describeThrown(error).slice(0, MAX_MESSAGE);
  } catch {
    // It stays at that.
  }
  tell({ kind: 'failed', message, ...(error instanceof NotLoaded && { reason: error.reason }) });
}

/** JSON would make `null` of these without a word, or leave them out. */
function plainOnly(label: string, value: unknown): unknown {
  const isPlain =
    typeof value !== 'function' &&
    typeof value !== 'symbol' &&
    (typeof value !== 'number' || Number.isFinite(value));
  if (!isPlain) throw new TypeError(`${label} is ${String(value).slice(0, 40)}, which is no plain data`);
  return value;
}
