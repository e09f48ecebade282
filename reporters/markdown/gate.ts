import type { RedactedReport, Waiver } from '../../src/doctor/report.ts';
import { code, prose } from './text.ts';

/** What the gate made of the rows, a line for each decision; nothing where there was no gate. */
export function gateLines({ gate }: RedactedReport): readonly string[] {
  if (!gate) return [];
  return [
    `- Fails on ${code(gate.failOn)}: exit code ${gate.exitCode}`,
    `- Counted: ${list(gate.counted)}`,
    ...gate.waived.map(
      ({ check, reason, expires }) => `- Waived until ${prose(expires)}: ${code(check)}: ${prose(reason)}`,
    ),
    ...(gate.known.length > 0 ? [`- Known from the baseline: ${list(gate.known)}`] : []),
    ...gate.expired.map((waiver) => `- Expired on ${said(waiver)}; its rows count again`),
    ...gate.unused.map((waiver) => `- Needed no more, holds until ${said(waiver)}`),
  ];
}

const list = (ids: readonly string[]): string =>
  ids.length === 0 ? 'none' : ids.map((id) => code(id)).join(', ');

const said = ({ check, failureClass, reason, expires, source }: Waiver): string =>
  `${prose(expires)}: waiver of ${code(check)}${failureClass === undefined ? '' : ` with class ${code(failureClass)}`} (${prose(source)}): ${prose(reason)}`;
