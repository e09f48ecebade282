// The public subpath `stethos/checks`: the built-in checks, and what makes another one.
import { builtInChecks } from '../../checks/index.ts';
import type { Check } from '../doctor/check.ts';

export { builtInChecks };
export { conclude, defineCheck, fail, idle, skip, warn } from '../doctor/check.ts';
export type { Check, Verdict, VerdictIssue } from '../doctor/check.ts';
export type { CheckContext } from '../doctor/context.ts';
export { FAILURE_CLASSES } from '../doctor/failure.ts';
export type { Failure, FailureClass, FailurePhase } from '../doctor/failure.ts';
export { createRegistry } from '../doctor/registry.ts';
export type { Registry } from '../doctor/registry.ts';
export { SECTIONS } from '../doctor/report.ts';
export type { Section } from '../doctor/report.ts';
export { builtInRegistry } from './examine.ts';

/** One built-in check by its id, such as `state.integrity`. */
export const builtInCheck = (id: string): Check | undefined => builtInChecks.find((check) => check.id === id);
