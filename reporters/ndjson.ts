import type { RedactedReport } from '../src/doctor/report.ts';
import { escapedForJson } from '../src/redact/control.ts';
import type { Reporter, StreamReporter } from './reporter.ts';

/** Rises when a line means something else than before; new members and new types of lines do not raise it. */
const SCHEMA_VERSION = 1;

/**
 * One JSON object in each line, written while the checks run (schema: stethos/report-lines.schema.json). `run_started`
 * comes first, `check_started` and `check_finished` as they happen, `run_finished` last, also when the run was
 * interrupted. The rows and the last line together are the whole report.
 */
export const ndjsonStream: StreamReporter = () => ({
  onBegin: ({ tool, checks }) => line({ type: 'run_started', schemaVersion: SCHEMA_VERSION, tool, checks }),
  onStart: ({ id, section, category, title }) =>
    line({ type: 'check_started', id, section, category, title }),
  onFinish: (check) => line({ type: 'check_finished', check }),
  onEnd: (report) => line(lastLine(report)),
});

/** The same lines of a finished report, in its order; of what was going on meanwhile nothing is known any more. */
export const ndjson: Reporter = (report, style) => {
  const events = ndjsonStream(style);
  const begin = events.onBegin?.({ tool: report.tool, checks: Object.keys(report.checks) }) ?? '';
  const rows = Object.values(report.checks).map((row) => events.onFinish(row, []));
  return [begin, ...rows, events.onEnd(report)].join('');
};

/** Everything that the rows do not say; `checks` gives the order in which the report has them. */
function lastLine({ checks, ...rest }: RedactedReport): object {
  return { type: 'run_finished', ...rest, schemaVersion: SCHEMA_VERSION, checks: Object.keys(checks) };
}

/** Some readers end a line at U+2028 or U+0085 too, so these are written out. */
const line = (data: object): string => `${escapedForJson(JSON.stringify(data))}\n`;
