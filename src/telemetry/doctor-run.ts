import type { Context } from '@opentelemetry/api';
import type { OtelPipeline } from './otel/pipeline.ts';
import { timeOf } from './otel/time.ts';
import { contextOfEnvironment } from './vocabulary/trace-context.ts';

/** What is told of a run; a redacted report fits. */
export interface DoctorRunReport {
  /** RFC 3339. */
  readonly generatedAt: string;
  readonly durationMs: number;
  readonly overallStatus: string;
  readonly interrupted: boolean;
  readonly target: { readonly profile: string; readonly version: string | null };
  readonly counts: Readonly<Record<string, number>>;
  readonly rootCauses: readonly { readonly check: string }[];
  readonly checks: Readonly<Record<string, DoctorRunCheck>>;
}

export interface DoctorRunCheck {
  readonly id: string;
  readonly section: string;
  readonly status: string;
  readonly summary: string;
  readonly failure?: { readonly class: string };
  readonly skippedBecause?: string;
  readonly causedBy?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
}

const NAMES = {
  run: 'doctor.run',
  event: 'stethos.doctor.run',
  checkStatus: 'stethos.doctor.check.status',
  checkDuration: 'stethos.doctor.check.duration_ms',
  status: 'stethos.doctor.status',
  count: 'stethos.doctor.checks',
  duration: 'stethos.doctor.duration_ms',
} as const;

/** Gauges are compared with numbers: how bad a status is. */
const WEIGHTS: Readonly<Record<string, number>> = { fail: 2, warning: 1, incomplete: 1, crashed: 1 };
const weightOf = (status: string): number => WEIGHTS[status] ?? 0;

/**
 * Tells a finished run: a trace with a span for each check, gauges, and one event that sums it up. Times are those of the
 * run. Sends nothing by itself: whoever opened the pipeline flushes it.
 * @param environment `TRACEPARENT` and `TRACESTATE` say what the run is a part of, as in a CI job
 */
export async function tellDoctorRun(
  pipeline: OtelPipeline,
  report: DoctorRunReport,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const span = await tellTrace(pipeline, report, await parentIn(environment));
  tellGauges(pipeline, report);
  const { logger } = pipeline;
  const facts = factsOf(report);
  logger?.emit({
    eventName: NAMES.event,
    timestampMs: endOf(report),
    severity: (['INFO', 'WARN', 'ERROR'] as const)[weightOf(report.overallStatus)] ?? 'INFO',
    attributes: {
      'event.name': NAMES.event,
      ...facts,
      'stethos.doctor.failing': idsOf(report, 'fail'),
      'stethos.doctor.warning': idsOf(report, 'warning'),
    },
    ...(span && { span }),
  });
}

async function parentIn(environment: Readonly<Record<string, string | undefined>>): Promise<Context> {
  const api = await import('@opentelemetry/api');
  // A run that nobody's trace holds is a trace of its own: not worth a word.
  return contextOfEnvironment(api, environment, () => undefined) ?? api.ROOT_CONTEXT;
}

async function tellTrace({ tracer }: OtelPipeline, report: DoctorRunReport, parent: Context) {
  if (!tracer) return undefined;
  const { SpanStatusCode, trace } = await import('@opentelemetry/api');
  const root = tracer.startSpan(
    NAMES.run,
    { startTime: timeOf(Date.parse(report.generatedAt)), attributes: factsOf(report) },
    parent,
  );
  const inRun = trace.setSpan(parent, root);
  for (const check of Object.values(report.checks)) {
    const { id, startedAt, durationMs, status, failure } = check;
    const span = tracer.startSpan(
      `doctor.check ${id}`,
      { startTime: timeOf(Date.parse(startedAt)), attributes: attributesOf(check) },
      inRun,
    );
    if (status === 'fail' || status === 'crashed')
      span.setStatus({ code: SpanStatusCode.ERROR, message: failure?.class ?? status });
    span.end(timeOf(Date.parse(startedAt) + durationMs));
  }
  if (report.overallStatus === 'fail')
    root.setStatus({ code: SpanStatusCode.ERROR, message: idsOf(report, 'fail').join(', ') });
  root.end(timeOf(endOf(report)));
  return root.spanContext();
}

function tellGauges({ meter }: OtelPipeline, report: DoctorRunReport): void {
  if (!meter) return;
  const checkStatus = meter.createGauge(NAMES.checkStatus, {
    description: '0 fine or not asked, 1 warning or unfinished, 2 failed',
  });
  const checkDuration = meter.createGauge(NAMES.checkDuration, { unit: 'ms' });
  for (const { id, status, failure, durationMs } of Object.values(report.checks)) {
    const check = { 'stethos.check.id': id };
    checkStatus.record(weightOf(status), {
      ...check,
      'stethos.check.status': status,
      ...(failure && { 'error.type': failure.class }),
    });
    checkDuration.record(durationMs, check);
  }
  const profile = { 'stethos.target.profile': report.target.profile };
  meter
    .createGauge(NAMES.status, { description: '0 ok, 1 warning, 2 fail' })
    .record(weightOf(report.overallStatus), profile);
  meter.createGauge(NAMES.duration, { unit: 'ms' }).record(report.durationMs, profile);
  const count = meter.createGauge(NAMES.count, { description: 'Checks by status' });
  for (const [status, value] of Object.entries(report.counts))
    if (status !== 'notes') count.record(value, { 'stethos.check.status': status });
}

function factsOf(report: DoctorRunReport) {
  const { target, counts, rootCauses } = report;
  return {
    'stethos.doctor.status': report.overallStatus,
    'stethos.doctor.interrupted': report.interrupted,
    'stethos.target.profile': target.profile,
    ...(target.version !== null && { 'stethos.target.version': target.version }),
    ...Object.fromEntries(
      Object.entries(counts).map(([status, count]) => [`stethos.doctor.count.${status}`, count]),
    ),
    'stethos.doctor.root_causes': rootCauses.map(({ check }) => check),
  };
}

function attributesOf({ id, section, status, summary, failure, skippedBecause, causedBy }: DoctorRunCheck) {
  return {
    'stethos.check.id': id,
    'stethos.check.section': section,
    'stethos.check.status': status,
    'stethos.check.summary': summary,
    ...(failure && { 'error.type': failure.class }),
    ...(skippedBecause !== undefined && { 'stethos.check.skipped_because': skippedBecause }),
    ...(causedBy !== undefined && { 'stethos.check.caused_by': causedBy }),
  };
}

const endOf = ({ generatedAt, durationMs }: DoctorRunReport): number => Date.parse(generatedAt) + durationMs;

const idsOf = ({ checks }: DoctorRunReport, status: string): string[] =>
  Object.values(checks)
    .filter((check) => check.status === status)
    .map(({ id }) => id);
