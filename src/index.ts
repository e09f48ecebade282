// The public root: what another program may build on. Every name is listed; anything else is private.
export { conclude, defineCheck, fail, idle, skip, warn } from './doctor/check.ts';
export type { Check, Verdict, VerdictIssue } from './doctor/check.ts';
export type { CheckContext, ContextOptions } from './doctor/context.ts';
export { FAILURE_CLASSES } from './doctor/failure.ts';
export type { Failure, FailureClass, FailurePhase } from './doctor/failure.ts';
export { decideGate, exitCodeOf } from './doctor/gate.ts';
export type { GateOptions } from './doctor/gate.ts';
export { createRegistry } from './doctor/registry.ts';
export type { Registry } from './doctor/registry.ts';
export type {
  CheckResult,
  FailOn,
  Gate,
  Issue,
  Note,
  OverallStatus,
  RedactedReport,
  Report,
  RootCause,
  Section,
  Severity,
  Status,
  Waiver,
} from './doctor/report.ts';
export type { RunObserver } from './doctor/runner.ts';
export { builtInRegistry, examine } from './library/examine.ts';
export type { ExamineOptions } from './library/examine.ts';
export { redactReport } from './library/redact-report.ts';
export { definePlugin, PLUGIN_API } from './plugins/plugin.ts';
export type { Plugin, PluginReporter } from './plugins/plugin.ts';
export type { Reporter, Style } from '../reporters/reporter.ts';
