import type { RedactedReport } from '../../src/doctor/report.ts';
import { formatCount } from '../../src/host/units.ts';
import { unicode as glyphs } from '../text/glyphs.ts';
import { formatDetail } from '../text/values.ts';
import { countLine, importLine, otherHomes, verdictOf } from '../text/verdict.ts';
import { fitting } from './budget.ts';
import type { SizeOf } from './budget.ts';
import { causeBlocks } from './causes.ts';
import { evidenceBlocks } from './evidence.ts';
import { findingRows, TABLE_HEAD } from './findings-table.ts';
import { gateLines } from './gate.ts';
import { code, prose } from './text.ts';

export interface Bounds {
  /** What the whole document may take. */
  readonly limit: number;
  readonly sizeOf: SizeOf;
}

/** For headings, fences of folded parts and the line that says what was left out. */
const FRAME = 1_000;
/** Parts of what the fixed lines leave; the evidence gets what then remains. */
const SHARE = { findings: 0.5, causes: 0.6, gate: 0.3 } as const;

/**
 * A report as GitHub's Markdown: what is wrong in a table, causes with their commands, surroundings, and the evidence
 * folded away. It keeps to its bounds and says what it left out.
 */
export function markdownOf(report: RedactedReport, { limit, sizeOf }: Bounds): string {
  const fixed = [...head(report), ...surroundings(report)].join('\n');
  let left = limit - FRAME - sizeOf(fixed);
  const take = (parts: readonly string[], share: number) => {
    const fitted = fitting(parts, left * share, sizeOf);
    left -= fitted.shown.reduce((sum, part) => sum + sizeOf(part) + 1, 0);
    return fitted;
  };
  const findings = take(findingRows(report), SHARE.findings);
  const causes = take(causeBlocks(report), SHARE.causes);
  const gate = take(gateLines(report), SHARE.gate);
  const evidence = take(evidenceBlocks(report), 1);
  return [
    ...head(report),
    ...(findings.shown.length > 0 ? [...TABLE_HEAD, ...findings.shown, ''] : []),
    ...(causes.shown.length > 0 ? ['#### Causes', '', ...causes.shown] : []),
    ...(gate.shown.length > 0 ? ['#### Gate', '', ...gate.shown, ''] : []),
    ...surroundings(report),
    '<details>',
    `<summary>Evidence of ${formatCount(Object.keys(report.checks).length, 'check')}</summary>`,
    '',
    ...evidence.shown,
    '</details>',
    ...sayLeftOut([
      [findings.leftOut, 'row of the table', 'rows of the table'],
      [causes.leftOut, 'cause', 'causes'],
      [gate.leftOut, 'line of the gate', 'lines of the gate'],
      [evidence.leftOut, 'check of the evidence', 'checks of the evidence'],
    ]),
    '',
  ].join('\n');
}

const SIGN = { ok: '✅', warning: '⚠️', fail: '❌' } as const;

function head(report: RedactedReport): readonly string[] {
  const { state, counted, first } = verdictOf(report);
  const { agent, version } = report.target;
  const name = version === null ? agent : `${agent} ${version}`;
  return [
    `### ${SIGN[report.overallStatus]} ${prose(name)}: ${state}`,
    '',
    `**Verdict: ${[state, ...counted].join(', ')}.**${first === undefined ? '' : ` First: ${prose(first)}`}`,
    '',
    ...importLine(report).flatMap((line) => [prose(line), '']),
    ...notes(report),
  ];
}

/** Causes have a part of their own. */
function notes({ notes: all }: RedactedReport): readonly string[] {
  const lines = all
    .filter(({ kind }) => kind !== 'cause')
    .slice(0, NOTES)
    .map(({ kind, check, text }) => `- ${NOTE_WORD[kind]} ${code(check)}: ${prose(text)}`);
  return lines.length === 0 ? [] : [...lines, ''];
}
const NOTE_WORD = { cause: 'Cause,', update: 'Update,', warning: 'Warning,', info: 'Note,' } as const;
/** More than a report has; a pasted one may have any number. */
const NOTES = 20;

function surroundings(report: RedactedReport): readonly string[] {
  const { tool, target, platform, redactions, generatedAt, durationMs } = report;
  const hidden = redactions.reduce((sum, { count }) => sum + count, 0);
  const environment = [
    `${prose(tool.name)} ${prose(tool.version)}`,
    `${prose(target.agent)}${target.version === null ? '' : ` ${prose(target.version)}`} at ${code(target.home)} (${prose(target.homeSource)})`,
    `${prose(platform.os)}-${prose(platform.architecture)}`,
    prose(platform.runtime),
    prose(formatDetail('', generatedAt).join('')),
    `took ${formatDetail('took ms', Math.round(durationMs)).join('')}`,
  ];
  return [
    `**Environment:** ${environment.join(' · ')}`,
    '',
    ...otherHomes(report)
      .slice(0, NOTES)
      .flatMap((line) => [prose(line), '']),
    `**Checks:** ${countLine(report, glyphs)} · ${formatCount(hidden, 'place')} with secrets or personal names hidden`,
    '',
  ];
}

type LeftOut = readonly [count: number, one: string, several: string];

function sayLeftOut(parts: readonly LeftOut[]): readonly string[] {
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, one, several]) => (count === 1 ? `1 ${one}` : `${count} ${several}`));
  if (said.length === 0) return [];
  return ['', `Left out for its length: ${said.join(', ')}. \`stethos doctor --json\` has all of it.`];
}
