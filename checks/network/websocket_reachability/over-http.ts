import { fail, warn } from '../../../src/doctor/check.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import type { HttpObservation } from '../../../src/net/network.ts';
import type { Hop } from '../../../src/net/outcome.ts';
import { readObservation } from '../parts/reading.ts';
import type { Reading } from '../parts/reading.ts';
import type { WebSocketEvidence } from './evidence.ts';

/** What HTTP to the same provider came to, as far as it matters beside the WebSocket. */
export interface OverHttp {
  /**
   * `works`: a request got the endpoint's answer, whatever that said, so the agent has something to fall back to.
   * `unknown`: nothing was asked.
   */
  readonly state: 'works' | 'fails' | 'unknown';
  /** Class of what `network.provider_reachability` has to say. */
  readonly failureClass: string | undefined;
  /** `HTTPS`, or `HTTP` where the endpoint is a plain one. */
  readonly name: string;
  /** The variable whose proxy the requests went through. */
  readonly variable: string | undefined;
}

export function overHttp({ models, base, endpoint }: WebSocketEvidence): OverHttp {
  const readings = [readObservation(models), readBase(base)];
  const asked = readings.filter(({ kind }) => kind !== 'unasked');
  return {
    state: readings.some(isFromEndpoint) ? 'works' : asked.length > 0 ? 'fails' : 'unknown',
    failureClass: asked.map(failureClassOf).find((failureClass) => failureClass !== undefined),
    name: endpoint.startsWith('wss:') ? 'HTTPS' : 'HTTP',
    variable: (models ?? base)?.trace.proxy?.variable,
  };
}

/** Of a bare base URL, statuses such as 404 are in order. */
const TELLING: ReadonlySet<string> = new Set(['proxy_auth', 'intercepted', 'http_server_error']);

function readBase(base: HttpObservation | undefined): Reading {
  const reading = readObservation(base);
  return reading.kind === 'answered' && !TELLING.has(reading.failure?.class ?? '')
    ? { ...reading, failure: undefined }
    : reading;
}

/** The same credential gets the model list, so that only this route can have something against it. */
export function listAccepts({ models }: WebSocketEvidence): boolean {
  const reading = readObservation(models);
  return reading.kind === 'answered' && reading.failure === undefined;
}

/** A login page of the network or of a proxy is nothing to fall back to. */
const isFromEndpoint = (reading: Reading): boolean =>
  reading.kind === 'answered' &&
  reading.failure?.class !== 'intercepted' &&
  reading.failure?.class !== 'proxy_auth';

function failureClassOf(reading: Reading): string | undefined {
  if (reading.kind === 'failed') return reading.attempt.failure.class;
  if (reading.kind === 'setting') return reading.issue.failure?.class;
  return reading.kind === 'answered' ? reading.failure?.class : undefined;
}

/** HTTP ended at the same hop with the same class: one fault, which `network.provider_reachability` reports. */
export function isFaultOfHttp(
  failure: NetworkFailure,
  hop: Hop,
  { models, base }: WebSocketEvidence,
): boolean {
  return [readObservation(models), readBase(base)].some((reading) => {
    if (reading.kind === 'failed')
      return reading.attempt.failure.class === failure.class && reading.attempt.hop === hop;
    return reading.kind === 'answered' && hop === 'endpoint' && reading.failure?.class === failure.class;
  });
}

/** How bad `network.provider_reachability` finds a fault that both have. */
export function severityOverHttp(
  failure: NetworkFailure,
  { base, situation }: WebSocketEvidence,
): typeof fail {
  if (failure.class === 'http_rate_limited' || failure.class === 'http_other') return warn;
  if (failure.class === 'http_not_found') return situation.addressSource === undefined ? warn : fail;
  const baseReading = readObservation(base);
  const isBaseWell = baseReading.kind === 'answered' && baseReading.answer.status < 500;
  return failure.class === 'http_server_error' && isBaseWell ? warn : fail;
}
