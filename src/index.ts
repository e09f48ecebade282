// The public root: what another program may build on. Every name is listed; anything else is private.
import { builtInChecks } from '../checks/index.ts';
import { createRegistry } from './doctor/registry.ts';
import type { Registry } from './doctor/registry.ts';

export { conclude, defineCheck, fail, idle, skip, warn } from './doctor/check.ts';
export type { Check, Verdict, VerdictIssue } from './doctor/check.ts';
export type { CheckContext, ContextOptions } from './doctor/context.ts';
export { examine } from './doctor/examine.ts';
export type { ExamineOptions } from './doctor/examine.ts';
export { FAILURE_CLASSES } from './doctor/failure.ts';
export type { Failure, FailureClass, FailurePhase } from './doctor/failure.ts';
export { exitCodeOf } from './doctor/gate.ts';
export { redactReport } from './doctor/redact-report.ts';
export { createRegistry } from './doctor/registry.ts';
export type { Registry } from './doctor/registry.ts';
export type {
  CheckResult,
  Issue,
  Note,
  RedactedReport,
  Report,
  RootCause,
  Section,
  Status,
} from './doctor/report.ts';
export type { RunObserver } from './doctor/runner.ts';
export type { Reporter, Style } from '../reporters/reporter.ts';

/** The checks that `stethos doctor` runs; add your own with `createRegistry([...builtInRegistry().checks, mine])`. */
export function builtInRegistry(): Registry {
  return createRegistry(builtInChecks);
}
