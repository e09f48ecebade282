import type { RedactedReport } from '../../src/doctor/report.ts';
import type { Glyphs } from './glyphs.ts';
import { formatDetail } from './values.ts';

/** What was examined, by whom, where. */
export function targetLine({ tool, target, platform }: RedactedReport, glyphs: Glyphs): string {
  const version = target.version === null ? '' : ` ${target.version}`;
  const source = target.homeSource === 'default' ? '' : ` (${target.homeSource})`;
  return [
    `${tool.name} doctor ${tool.version}`,
    `${target.agent}${version} at ${target.home}${source}`,
    `${platform.os}-${platform.architecture}`,
  ].join(glyphs.joiner);
}

/** Where nothing was examined: whose report it is, and of when. */
export function importLine({ importedFrom, generatedAt }: RedactedReport): readonly string[] {
  if (!importedFrom) return [];
  const format = importedFrom.format === 'snake_case' ? 'codex' : importedFrom.format;
  const time = Date.parse(generatedAt) > 0 ? `, made ${formatDetail('', generatedAt).join('')}` : '';
  return [`Read from a report in the form of ${format}${time}, and judged again: nothing was examined here`];
}

/** Homes of other agents, with the option that examines each. */
export function otherHomes({ target }: RedactedReport): readonly string[] {
  return target.alsoPresent.map(
    ({ profile, home }) => `Also on this machine: ${profile} at ${home} (--target ${profile} examines it)`,
  );
}

const WORD = { ok: 'ok', warning: 'degraded', fail: 'failed' } as const;

/** What a reader needs if they read nothing else, in its parts. */
export interface Verdict {
  /** `failed`, `degraded (interrupted)`. */
  readonly state: string;
  /** `3 failures of 2 causes`, `1 warning`; empty where all is well. */
  readonly counted: readonly string[];
  /** What to mend first: `state.integrity: the state DB is damaged`. */
  readonly first?: string;
}

export function verdictOf(report: RedactedReport): Verdict {
  const { counts, overallStatus, rootCauses, checks } = report;
  const unfinished = counts.incomplete + counts.crashed;
  const causes = rootCauses.filter(({ status }) => status === 'fail').length;
  const counted = [
    counts.fail > 0 &&
      `${plural(counts.fail, 'failure')}${causes > 0 && causes < counts.fail ? ` of ${plural(causes, 'cause')}` : ''}`,
    counts.warning > 0 && plural(counts.warning, 'warning'),
    unfinished > 0 && `${plural(unfinished, 'check')} without an answer`,
  ].filter((part) => part !== false);
  const first = rootCauses[0] ?? Object.values(checks).find((result) => result.status === 'warning');
  const cause =
    first && ('cause' in first ? `${first.check}: ${first.cause}` : `${first.id}: ${first.summary}`);
  return {
    state: report.interrupted ? `${WORD[overallStatus]} (interrupted)` : WORD[overallStatus],
    counted,
    ...(cause && counted.length > 0 && { first: cause }),
  };
}

/** The verdict in one line. */
export function verdictLine(report: RedactedReport, glyphs: Glyphs): string {
  const { state, counted, first } = verdictOf(report);
  return [
    `Verdict: ${state}`,
    ...(counted.length > 0 ? [counted.join(', ')] : []),
    ...(first ? [first] : []),
  ].join(glyphs.dash);
}

/** `11 ok · 1 idle · 4 notes · 1 warn · 1 fail`. */
export function countLine({ counts }: RedactedReport, glyphs: Glyphs): string {
  return [
    `${counts.ok} ok`,
    ...optional(counts.idle, 'idle'),
    ...optional(counts.skipped, 'skipped'),
    ...optional(counts.notes, counts.notes === 1 ? 'note' : 'notes'),
    ...optional(counts.incomplete, 'incomplete'),
    ...optional(counts.crashed, 'crashed'),
    `${counts.warning} warn`,
    `${counts.fail} fail`,
  ].join(glyphs.joiner);
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const optional = (count: number, word: string): string[] => (count > 0 ? [`${count} ${word}`] : []);
