import { once } from '../host/once.ts';
import type { Secret } from '../redact/secret.ts';
import type { Report } from '../doctor/report.ts';

/** By the rows, which a copy with another gate or more notes shares. */
const found = new WeakMap<Report['checks'], () => readonly Secret[]>();

/** Keeps, as long as the report is kept, how the secrets of what it examined are found. None of them stands in the report. */
export const rememberSecrets = ({ checks }: Report, find: () => readonly Secret[]): void =>
  void found.set(checks, once(find));

/** The secrets of the installation that was examined; none where the report was made elsewhere. */
export const secretsOf = ({ checks }: Report): readonly Secret[] => found.get(checks)?.() ?? [];
