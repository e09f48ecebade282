import type { ImportedFrom, Report } from '../report.ts';
import { codexDraft } from './codex-report.ts';
import { documentsIn } from './documents.ts';
import type { Draft } from './draft.ts';
import { reportOfLines } from './lines.ts';
import { listOf, member, recordOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';
import { ownDraft } from './own-report.ts';
import { settle } from './settle.ts';

export type ReadReport =
  | { readonly kind: 'report'; readonly report: Report; readonly from: ImportedFrom['format'] }
  /** Both in words for the user: what is wrong, and what to do. */
  | { readonly kind: 'unreadable'; readonly problem: string; readonly remedy: string };

/** A report is some 50 KB; this is a thousand of them, and what the memory of a small machine still holds parsed. */
export const LARGEST_REPORT = 50 * 1024 * 1024;

const REMEDY =
  'Give it what stethos doctor --json, stethos doctor --format ndjson or codex doctor --json wrote.';

/**
 * Reads a report that somebody saved, piped or pasted: our own JSON or its lines, that of `codex doctor`, or that with
 * names such as `overall_status`; also after the lines of a program or within a Markdown fence. It is judged again: status,
 * counts and root causes follow from its rows, and a note says where the file contradicts itself. Never throws. The
 * report has not been redacted.
 */
export function readReport(text: string): ReadReport {
  if (text.length > LARGEST_REPORT)
    return {
      kind: 'unreadable',
      problem: `it is larger than ${LARGEST_REPORT / 1024 / 1024} MiB`,
      remedy: REMEDY,
    };
  const lines = reportOfLines(text);
  const found = lines ? { documents: [lines], isCut: false } : documentsIn(text);
  const read = found.documents.find((document) => hasChecks(document));
  if (!read) return unreadable(text, found);
  const draft = draftOf(read);
  if (draft.rows.length === 0)
    return {
      kind: 'unreadable',
      problem: 'the report has no rows, so there is nothing to judge',
      remedy: REMEDY,
    };
  return { kind: 'report', report: settle(draft), from: draft.format };
}

function unreadable(text: string, { documents, isCut }: ReturnType<typeof documentsIn>): ReadReport {
  if (text.trim() === '') return { kind: 'unreadable', problem: 'it is empty', remedy: REMEDY };
  if (isCut)
    return { kind: 'unreadable', problem: 'its JSON ends in the middle', remedy: 'Copy the whole report.' };
  const problem = documents.length > 0 ? 'its JSON is not the report of a doctor' : 'there is no JSON in it';
  return { kind: 'unreadable', problem, remedy: REMEDY };
}

function hasChecks(document: JsonRecord): boolean {
  const checks = member(document, 'checks');
  return listOf(checks) !== undefined || recordOf(checks) !== undefined;
}

/** Told apart by what only one of them has. */
function draftOf(read: JsonRecord): Draft {
  const has = (...names: readonly string[]): boolean => names.some((name) => Object.hasOwn(read, name));
  if (has('tool', 'interrupted', 'rootCauses', 'type')) return ownDraft(read);
  if (has('overall_status', 'schema_version', 'codex_version')) return codexDraft(read, 'snake_case');
  if (has('codexVersion')) return codexDraft(read, 'codex');
  const checks = member(read, 'checks');
  const [first] = listOf(checks) ?? Object.values(recordOf(checks) ?? {});
  return Object.hasOwn(recordOf(first) ?? {}, 'section') ? ownDraft(read) : codexDraft(read, 'codex');
}
