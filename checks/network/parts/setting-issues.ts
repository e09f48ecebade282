import { fail } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { CaError } from '../../../src/net/certificates/error.ts';

const CA_CLASSES: Readonly<Record<string, FailureClass>> = {
  ENOENT: 'missing',
  EACCES: 'permissions',
  EPERM: 'permissions',
  EISDIR: 'wrong_type',
};

/** The custom CA bundle cannot be used, so nothing secure was dialled; `network.ca` reports the file. */
export const trustIssue = (error: CaError): VerdictIssue =>
  fail({
    class: error.kind === 'unreadable' ? (CA_CLASSES[error.code ?? ''] ?? 'unreadable') : 'malformed',
    cause: `No secure connection can be made: ${error.message}`,
    measured: error.code ?? error.kind,
    expected: 'a PEM file with one or more certificates',
    remedy: error.remedy,
    fields: [],
  });

/** The client takes no proxy of this value and connects nowhere; `network.env` reports the variable. */
export const proxyValueIssue = (variable: string, problem: string): VerdictIssue =>
  fail({
    class: 'invalid_value',
    cause: `No connection can be made: ${variable} cannot be used (${problem})`,
    measured: problem,
    expected: 'a URL such as http://host:port',
    remedy: `Write ${variable} as http://host:port, or unset it.`,
    fields: ['proxy variable'],
  });

/** The request as configured cannot be written; `network.env` reports the address or the header. */
export const requestIssue = (problem: string): VerdictIssue =>
  fail({
    class: 'invalid_value',
    cause: `No request can be made from the configuration: ${problem}`,
    measured: problem,
    expected: 'an address and headers that a request can have',
    remedy: 'Correct base_url, query_params or the headers of the provider.',
    fields: ['base URL'],
  });
