import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import { RETRYABLE_CLASSES } from '../../../src/telemetry/otel/sender.ts';
import type { ExportFailure, ExportFailureClass } from '../../../src/telemetry/otel/sender.ts';
import type { OtelProblem } from '../../../src/telemetry/otel/settings.ts';
import type { SeenSignal } from './evidence.ts';

const EXPECTED = 'the collector takes the record';

/** What was said and cannot be done: a signal that stays off is worse than a value that a default stands in for. */
export function issueOfProblem({ kind, source, message }: OtelProblem): VerdictIssue {
  return (kind === 'signal' ? fail : warn)({
    class: 'invalid_value',
    cause: message,
    measured: source,
    expected: 'a value that an exporter can use',
    remedy: `Correct ${source}, or remove it.`,
  });
}

/** At most one: what came of the probe. */
export function issueOf(seen: SeenSignal): readonly VerdictIssue[] {
  const { outcome } = seen;
  if (outcome.kind === 'refused') return [refusal(seen, outcome.failure)];
  const { count, message } = outcome.rejection;
  if (count === 0) return [];
  return [
    fail({
      class: 'rejected',
      cause: `the collector at ${seen.endpoint} takes the request for ${seen.signal} and rejects what is in it`,
      measured: message === '' ? 'partial success without a reason' : `partial success: ${message}`,
      expected: 'the collector keeps what it takes',
      remedy:
        "Look for that reason in the collector's own settings: a filter, a limit, or a required attribute.",
      fields: [`${seen.signal} result`],
    }),
  ];
}

/** The check that reports the same fault as its own. */
export function causeOf({ outcome }: SeenSignal): string | undefined {
  if (outcome.kind !== 'refused') return undefined;
  const { class: failureClass, message } = outcome.failure;
  if (failureClass === 'proxy_unusable') return 'network.env';
  if (failureClass !== 'trust_unusable') return undefined;
  return /^(?:ca-certificate|client-)/.test(message) ? undefined : 'network.ca';
}

/** It may be there in a minute, as nothing about the settings is wrong. */
const PASSING: readonly ExportFailureClass[] = [
  ...RETRYABLE_CLASSES,
  'http_rate_limited',
  'http_server_error',
];

function refusal(seen: SeenSignal, failure: ExportFailure): VerdictIssue {
  const { signal, endpoint } = seen;
  const { class: exportClass, message, httpStatus, retryAfterMs, words } = failure;
  return (PASSING.includes(exportClass) ? warn : fail)({
    class: failureClassOf(failure),
    cause: `${signal} do not arrive at ${endpoint}: ${message}`,
    measured: words === undefined || words === '' ? message : `${message}; it says: ${words}`,
    expected: EXPECTED,
    remedy: remedyFor(seen, failure),
    fields: [`${signal} result`],
    failure: {
      ...(httpStatus !== undefined && { httpStatus, phase: 'http' }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  });
}

/** Statuses of a server that is one of OTLP, and speaks another dialect of it than we do. */
const WRONG_PROTOCOL: readonly (number | undefined)[] = [400, 405, 406, 415];

function failureClassOf({ class: exportClass, httpStatus }: ExportFailure): FailureClass {
  if (exportClass === 'trust_unusable') return 'unreadable';
  if (exportClass === 'proxy_unusable' || exportClass === 'unsendable') return 'invalid_value';
  return exportClass === 'http_other' && WRONG_PROTOCOL.includes(httpStatus) ? 'protocol' : exportClass;
}

function remedyFor({ source, protocol, headerNames }: SeenSignal, failure: ExportFailure): string {
  switch (failureClassOf(failure)) {
    case 'http_unauthorized':
    case 'http_forbidden':
      return headerNames.length === 0
        ? 'No header is sent. Put the credential into `headers` of [otel], or into OTEL_EXPORTER_OTLP_HEADERS.'
        : `Check the credential in ${headerNames.join(', ')}. In a variable its value is percent-encoded: a space is %20.`;
    case 'http_not_found':
      return `Check the path in ${source}: over HTTP a signal has its own, /v1/traces, /v1/logs or /v1/metrics, which only OTEL_EXPORTER_OTLP_ENDPOINT gets added.`;
    case 'protocol':
    case 'intercepted':
      return `Check that ${source} is the address of an OTLP receiver for ${protocol}: 4318 is usual for HTTP, 4317 for gRPC.`;
    case 'tls_untrusted':
    case 'tls_other':
      return 'Name the authority of the collector in `tls.ca-certificate` of its exporter, or in OTEL_EXPORTER_OTLP_CERTIFICATE; it stands in place of all others.';
    case 'tls_hostname':
    case 'tls_expired':
      return `Let the collector show a certificate that is valid for the host of ${source}.`;
    case 'http_rate_limited':
      return 'The collector wants less. Lower the rate at the source, or raise the limit there.';
    case 'unreadable':
      return 'Correct the path of the certificate or key file, or remove it.';
    case 'invalid_value':
      return `Correct ${source}, its headers, or the proxy variables.`;
    default:
      return `Start the collector, or correct ${source}. Until then what is exported is lost; the agent itself works without.`;
  }
}
