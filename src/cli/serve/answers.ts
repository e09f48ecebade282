import { formatDuration } from '../../host/duration.ts';
import { EXIT } from '../../doctor/report.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import { exitCodeOf } from '../../doctor/gate.ts';
import type { ServedAnswer } from '../../net/listen.ts';
import type { Style } from '../../../reporters/reporter.ts';
import { ageOf, metricsOfServer } from './metrics.ts';
import type { RequestCounts } from './metrics.ts';
import type { RunState } from './runs.ts';

/** A report this many times as old as it may be vouches for nothing: whatever should have replaced it does not work. */
const TOO_OLD = 3;

const HEALTH = 'application/health+json';
const JSON_TYPE = 'application/json; charset=utf-8';
const METRICS = 'text/plain; version=0.0.4; charset=utf-8';
/** None of the formats here has looks. */
const STYLE: Style = { color: false, ascii: true, width: 100, all: true };

export interface Serving {
  readonly state: RunState;
  readonly requests: RequestCounts;
  readonly nowMs: number;
  readonly maxAgeMs: number;
}

/** What a path is answered with; depends on nothing but what is given. */
export async function answerTo(path: string, serving: Serving): Promise<ServedAnswer> {
  switch (path) {
    case '/healthz':
      return { status: 200, contentType: HEALTH, body: '{"status":"pass"}\n' };
    case '/readyz':
      return readiness(serving);
    case '/metrics':
      return metrics(serving);
    case '/report.json':
      return wholeReport(serving);
    default:
      return {
        status: 404,
        contentType: 'text/plain; charset=utf-8',
        body: 'There is /healthz, /readyz, /metrics and /report.json.\n',
      };
  }
}

async function readiness(serving: Serving): Promise<ServedAnswer> {
  const known = reportIn(serving);
  if (typeof known === 'string') return unready(known);
  const { healthJson } = await import('../../../reporters/health-json.ts');
  const document = JSON.parse(await healthJson(known, STYLE)) as { readonly status: string };
  const isReady = isPassing(known);
  // Over HTTP, pass and warn go with 2xx and fail with 5xx; the threshold decides which it is.
  const status = isReady ? (document.status === 'fail' ? 'warn' : document.status) : 'fail';
  return {
    status: isReady ? 200 : 503,
    contentType: HEALTH,
    body: `${JSON.stringify({ ...document, status }, undefined, 2)}\n`,
    headers: { age: ageOfReport(serving) },
  };
}

/** By the gate that the doctor has decided: threshold, waivers and baseline are in it. */
export function isPassing(report: RedactedReport): boolean {
  const failOn = report.gate?.failOn ?? 'fail';
  const exitCode = report.gate?.exitCode ?? exitCodeOf(report, failOn);
  // A check without an answer counts as a warning.
  return exitCode === EXIT.healthy || (exitCode === EXIT.incomplete && failOn !== 'warn');
}

const unready = (output: string): ServedAnswer => ({
  status: 503,
  contentType: HEALTH,
  body: `${JSON.stringify({ status: 'fail', output })}\n`,
  headers: { 'retry-after': '1' },
});

/** The report to be told, or in words why there is none. */
export function reportIn({ state, nowMs, maxAgeMs }: Omit<Serving, 'requests'>): RedactedReport | string {
  const { last, failure } = state;
  const why = failure === undefined ? '' : `: ${failure}`;
  if (!last)
    return failure === undefined
      ? 'the first examination is not over yet'
      : `the examination gave no report${why}`;
  const ageMs = ageOf(last.finishedAtMs, nowMs);
  return ageMs > TOO_OLD * maxAgeMs ? `the last report is ${formatDuration(ageMs)} old${why}` : last.report;
}

async function metrics(serving: Serving): Promise<ServedAnswer> {
  const { state, requests, nowMs } = serving;
  const { prometheus } = await import('../../../reporters/prometheus.ts');
  // An old report is told with its age: an alert on that is for the reader to make.
  const ofReport = state.last ? await prometheus(state.last.report, STYLE) : '';
  return {
    status: 200,
    contentType: METRICS,
    body: ofReport + metricsOfServer(state, requests, nowMs),
  };
}

async function wholeReport(serving: Serving): Promise<ServedAnswer> {
  const { last } = serving.state;
  if (!last) {
    const why = reportIn(serving);
    return {
      status: 503,
      contentType: JSON_TYPE,
      body: `${JSON.stringify({ error: typeof why === 'string' ? why : 'there is no report' })}\n`,
      headers: { 'retry-after': '1' },
    };
  }
  const { json } = await import('../../../reporters/json.ts');
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: await json(last.report, STYLE),
    headers: { age: ageOfReport(serving) },
  };
}

/** RFC 9111 section 5.1, in whole seconds. */
const ageOfReport = ({ state, nowMs }: Serving): string =>
  String(Math.floor(ageOf(state.last?.finishedAtMs ?? nowMs, nowMs) / 1_000));
