import { streamRun } from '../../doctor/stream-run.ts';
import type { RunStream } from '../../doctor/stream-run.ts';
import type { ReportRedactor } from '../../doctor/redact-report.ts';
import { EXIT } from '../../doctor/report.ts';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { print } from '../finish.ts';
import { PLAIN } from '../style.ts';
import type { Output } from './outputs.ts';

/**
 * Begins to write to standard output what can be written while the checks run.
 * @returns undefined where the format there waits for the whole report
 */
export async function openStream(
  outputs: readonly Output[],
  { redactor, checks }: { readonly redactor: ReportRedactor; readonly checks: readonly string[] },
): Promise<RunStream | undefined> {
  const shown = outputs.find(({ file }) => file === undefined)?.format;
  if (!shown?.loadStream) return undefined;
  return streamRun({
    events: (await shown.loadStream())(PLAIN),
    redactor,
    write: (text) => print(text, { what: 'the report', unwritten: EXIT.incomplete }),
    tool: { name: 'stethos', version: TOOL_VERSION },
    checks,
  });
}
