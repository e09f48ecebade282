import type { Reporter } from './reporter.ts';

/** One JSON document and a newline. */
export const json: Reporter = (report) => `${JSON.stringify(report, null, 2)}\n`;
