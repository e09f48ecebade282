import { z } from 'zod';
import type { Verdict, VerdictIssue } from '../doctor/check.ts';
import { FAILURE_CLASSES } from '../doctor/failure.ts';
import type { FailureClass, FailurePhase } from '../doctor/failure.ts';
import type { Details } from '../doctor/report.ts';
import { problemOf } from './told.ts';

/* Bounds of one row: more is not read by anybody, and would bury the other rows. The bytes are bounded by the process. */
const MAX_SENTENCE = 4_000;
const MAX_LABEL = 100;
const MAX_VALUE = 20_000;
const MOST_DETAILS = 200;
const MOST_ITEMS = 1_000;
const MOST_ISSUES = 50;
const MOST_NOTES = 20;

const sentence = z.string().max(MAX_SENTENCE);
const said = sentence.min(1);
const label = z.string().min(1).max(MAX_LABEL);
const value = z.string().max(MAX_VALUE);
/** Passes the redactor as it is, see `manifest.ts`. */
const id = z.string().regex(/^[a-z][a-z0-9_.]{0,120}$/, 'no id of a check');

const CLASSES = Object.keys(FAILURE_CLASSES) as [FailureClass, ...FailureClass[]];
const PHASES = [...new Set(Object.values(FAILURE_CLASSES))] as [FailurePhase, ...FailurePhase[]];

const FAILURE = z.strictObject({
  class: z.enum(CLASSES),
  phase: z.enum(PHASES),
  message: sentence,
  httpStatus: z.int().exactOptional(),
  code: label.exactOptional(),
  closeCode: z.int().exactOptional(),
  requestId: sentence.exactOptional(),
  cfRay: sentence.exactOptional(),
  retryAfterMs: z.number().min(0).exactOptional(),
});

const ISSUE: z.ZodType<VerdictIssue> = z.strictObject({
  severity: z.enum(['warning', 'fail']),
  cause: said,
  measured: sentence,
  expected: sentence,
  remedy: said,
  fields: z.array(label).max(MOST_DETAILS),
  command: sentence.exactOptional(),
  failure: FAILURE.exactOptional(),
});

/** Own members only, `__proto__` among them, which an object of JSON can have. */
const DETAILS = z.custom<Details>((found) => {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
  const members = Object.entries(found as Readonly<Record<string, unknown>>);
  return members.length <= MOST_DETAILS && members.every(([name, each]) => isLabel(name) && isDetail(each));
}, 'a detail is a short label with a text, a number, a boolean, null or a list of texts');

const isLabel = (name: string): boolean => name !== '__proto__' && label.safeParse(name).success;

const DETAIL = z.union([value, z.number(), z.boolean(), z.null(), z.array(value).max(MOST_ITEMS)]);
const isDetail = (found: unknown): boolean => DETAIL.safeParse(found).success;

const VERDICT = z
  .strictObject({
    kind: z.enum(['judged', 'idle', 'skipped']),
    summary: said,
    details: DETAILS,
    issues: z.array(ISSUE).max(MOST_ISSUES),
    notes: z
      .array(z.strictObject({ kind: z.enum(['update', 'warning', 'info']), text: said }))
      .max(MOST_NOTES),
    skippedBecause: said.exactOptional(),
    causedBy: id.exactOptional(),
  })
  .refine(({ kind, issues }) => kind === 'judged' || issues.length === 0, {
    message: 'a row with issues is neither idle nor skipped',
    path: ['kind'],
  })
  .refine(({ kind, skippedBecause }) => (kind === 'skipped') === (skippedBecause !== undefined), {
    message: 'what is skipped says why, and nothing else does',
    path: ['skippedBecause'],
  });

/**
 * What a plugin's check says, as one of ours would say it.
 * @throws TypeError that names the first thing which is wrong
 */
export function readVerdict(found: unknown): Verdict {
  const { success, data, error } = VERDICT.safeParse(found);
  if (!success) throw new TypeError(`its judge gave no verdict: ${problemOf(error)}`);
  return data;
}
