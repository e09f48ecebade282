import type { RedactedReport, RootCause } from '../../src/doctor/report.ts';
import { commandsOf, rowOf } from '../findings.ts';
import { unicode as glyphs } from '../text/glyphs.ts';
import { code, commandBlock, prose } from './text.ts';

/** Of one cause; the table has all of them. */
const COMMANDS = 3;

/** Each root cause with what it explains, what to do, and commands to copy. */
export const causeBlocks = (report: RedactedReport): readonly string[] =>
  report.rootCauses.map((cause, index) => blockOf(report, cause, index + 1));

function blockOf(report: RedactedReport, cause: RootCause, number: number): string {
  const { check, status, failureClass, symptoms, remedy } = cause;
  const result = rowOf(report, check);
  const shown = symptoms.map((id) => {
    const symptom = rowOf(report, id)?.status;
    return symptom === undefined ? code(id) : `${code(id)} (${glyphs.status[symptom]} ${symptom})`;
  });
  const of = failureClass === undefined ? status : `${status}, class ${code(failureClass)}`;
  return [
    `**Cause ${number}:** ${code(check)} (${of}): ${prose(cause.cause)}`,
    '',
    ...(remedy === '' ? [] : [`What to do: ${prose(remedy)}`, '']),
    ...(shown.length > 0 ? [`Also seen in: ${shown.join(', ')}`, ''] : []),
    ...(result ? commandsOf(result) : [])
      .slice(0, COMMANDS)
      .flatMap((command) => [commandBlock(command), '']),
  ].join('\n');
}
