import { IMPORT_FORMATS, SECTIONS, STATUSES } from '../report.ts';
import type { CheckResult, Note, NoteKind, Platform, TargetSummary } from '../report.ts';
import type { Draft, RawRow } from './draft.ts';
import { gateOf, redactionsOf } from './gate-parts.ts';
import { categoryOf, sectionOf } from './known-rows.ts';
import { durationOf, inOrderOf, listOf, member, oneOf, recordOf, textOf, timeOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';
import { rawRowsOf, told } from './raw-rows.ts';
import type { RawRows } from './raw-rows.ts';
import { detailOf, detailsOf, failureOf, issueOf, NO_REMEDY, rowWith } from './row-parts.ts';

/** Stands where a report does not say it. */
export const UNKNOWN = 'unknown';
/** A report that does not say when it was made. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';

/** The JSON of `stethos doctor`, also that of a later version: what is not known here is left out. */
export function ownDraft(read: JsonRecord): Draft {
  const generatedAt = timeOf(member(read, 'generatedAt')) ?? NO_TIME;
  const raw = rawRowsOf(member(read, 'checks'));
  const rows = raw.rows.map((row) => ownRow(row, raw, generatedAt));
  const unknown = raw.rows.filter(({ row }) => oneOf(STATUSES, member(row, 'status')) === undefined);
  const gate = gateOf(member(read, 'gate'), raw.idOf);
  const redactions = redactionsOf(member(read, 'redactions'));
  const earlier = recordOf(member(read, 'importedFrom'));
  return {
    format: oneOf(IMPORT_FORMATS, earlier && member(earlier, 'format')) ?? 'stethos',
    generatedAt,
    interrupted: member(read, 'interrupted') === true,
    tool: toolOf(member(read, 'tool')),
    target: targetOf(member(read, 'target')),
    platform: platformOf(member(read, 'platform')),
    durationMs: durationOf(member(read, 'durationMs')) ?? 0,
    rows,
    notes: notesOf(member(read, 'notes'), raw),
    said: {
      overallStatus: member(read, 'overallStatus'),
      counts: member(read, 'counts'),
      rootCauses: member(read, 'rootCauses'),
    },
    ...(gate && { gate }),
    ...(redactions.length > 0 && { redactions }),
    problems: [
      ...raw.problems,
      ...told(unknown.length, 'with a status that is not known: taken as incomplete'),
    ],
  };
}

function ownRow({ id, row }: RawRow, { idOf }: RawRows, generatedAt: string): CheckResult {
  const status = oneOf(STATUSES, member(row, 'status')) ?? 'incomplete';
  const summary = textOf(member(row, 'summary')) ?? status;
  const remediation = member(row, 'remediation');
  const causedBy = member(row, 'causedBy');
  const skippedBecause = member(row, 'skippedBecause');
  const made = rowWith(
    {
      id,
      section: oneOf(SECTIONS, member(row, 'section')) ?? sectionOf(id),
      category: textOf(member(row, 'category')) ?? categoryOf(id),
      title: textOf(member(row, 'title')) ?? id,
      summary,
      details: detailsOf(member(row, 'details'), (_label, value) => detailOf(value)),
      ...(typeof skippedBecause === 'string'
        ? { skippedBecause }
        : status === 'skipped' && { skippedBecause: UNKNOWN }),
      ...(typeof causedBy === 'string' && { causedBy: idOf(causedBy) }),
      startedAt: timeOf(member(row, 'startedAt')) ?? generatedAt,
      durationMs: durationOf(member(row, 'durationMs')) ?? 0,
    },
    {
      status,
      issues: (listOf(member(row, 'issues')) ?? []).map((issue) =>
        issueOf(issue, {
          severity: status === 'fail' ? 'fail' : 'warning',
          cause: summary,
          remedy: textOf(remediation) ?? NO_REMEDY,
          docs: '',
        }),
      ),
      remediation: typeof remediation === 'string' ? remediation : undefined,
      failure: failureOf(member(row, 'failure'), summary),
      failureClass: () => 'mismatch',
    },
  );
  return inOrderOf(row, made);
}

function notesOf(value: unknown, { idOf }: RawRows): Note[] {
  return (listOf(value) ?? []).flatMap((item) => {
    const note = recordOf(item) ?? {};
    const kind = oneOf<NoteKind>(['cause', 'update', 'warning', 'info'], member(note, 'kind'));
    const text = textOf(member(note, 'text'));
    if (kind === undefined || text === undefined) return [];
    return [inOrderOf(note, { kind, check: idOf(member(note, 'check')), text })];
  });
}

export function toolOf(value: unknown): Draft['tool'] {
  const tool = recordOf(value) ?? {};
  return inOrderOf(tool, {
    name: textOf(member(tool, 'name')) ?? UNKNOWN,
    version: textOf(member(tool, 'version')) ?? UNKNOWN,
  });
}

function targetOf(value: unknown): TargetSummary {
  const target = recordOf(value) ?? {};
  const word = (name: string): string => textOf(member(target, name)) ?? UNKNOWN;
  return inOrderOf(target, {
    profile: word('profile'),
    agent: word('agent'),
    home: word('home'),
    homeSource: word('homeSource'),
    version: textOf(member(target, 'version')) ?? null,
    alsoPresent: (listOf(member(target, 'alsoPresent')) ?? []).flatMap((item) => {
      const other = recordOf(item) ?? {};
      const [profile, home] = [textOf(member(other, 'profile')), textOf(member(other, 'home'))];
      return profile === undefined || home === undefined ? [] : [inOrderOf(other, { profile, home })];
    }),
  });
}

function platformOf(value: unknown): Platform {
  const platform = recordOf(value) ?? {};
  const word = (name: string): string => textOf(member(platform, name)) ?? UNKNOWN;
  return inOrderOf(platform, {
    os: word('os'),
    architecture: word('architecture'),
    runtime: word('runtime'),
  });
}
