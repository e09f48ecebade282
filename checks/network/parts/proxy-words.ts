import { proxyVariable } from './failed-attempt.ts';
import type { SpokenWords, FailedAttempt } from './failed-attempt.ts';
import type { Situation } from './situation.ts';

export function proxyLoginWords(attempt: FailedAttempt): SpokenWords {
  const { proxy } = attempt.trace;
  const variable = proxyVariable(attempt);
  const schemes = proxy?.challenges ?? [];
  const asked = schemes.length > 0 ? ` (${schemes.join(', ')})` : '';
  const takesPassword = schemes.length === 0 || schemes.some((scheme) => /^basic$/i.test(scheme));
  if (!takesPassword)
    return {
      cause: `The proxy of ${variable} asks for a login${asked} that the agent cannot give`,
      remedy: `Run a local helper that logs in to this proxy, such as px or cntlm, and set ${variable} to its address.`,
    };
  return proxy?.hasCredentials
    ? {
        cause: `The proxy of ${variable} refuses the user name or password in it${asked}`,
        remedy: `Correct user name and password in ${variable}; signs such as @ and : must be percent-encoded.`,
      }
    : {
        cause: `The proxy of ${variable} asks for a login${asked}`,
        remedy: `Write user name and password into ${variable}, percent-encoded, as USER:PASSWORD@ before the host.`,
      };
}

export function proxyRefusalWords(attempt: FailedAttempt, { host }: Situation): SpokenWords {
  const status = attempt.failure.httpStatus;
  return {
    cause: `The proxy of ${proxyVariable(attempt)} does not open the way to ${host}${
      status === undefined ? '' : ` (HTTP ${status})`
    }`,
    remedy: refusalRemedy(attempt, host),
  };
}

function refusalRemedy(attempt: FailedAttempt, host: string): string {
  const status = attempt.failure.httpStatus ?? 0;
  const allow = `sk whoever runs the proxy to allow connections to ${host}, or name the host in NO_PROXY if it can be reached directly.`;
  if (NO_PROXY_AT_ALL.has(status))
    return `Check host and port in ${proxyVariable(attempt)}: a web server that is no proxy answers so. Or else a${allow}`;
  if (status >= 300 && status < 400)
    return `The proxy sends on to another page, as one does that wants a sign-in: open any page in a browser. Or else a${allow}`;
  return status >= 500
    ? `The proxy itself cannot reach ${host}: let whoever runs it look into its log.`
    : `A${allow}`;
}

/** What servers that know no CONNECT answer to it. */
const NO_PROXY_AT_ALL: ReadonlySet<number> = new Set([400, 404, 405, 501]);
