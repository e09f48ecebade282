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
        remedy: `Write user name and password into ${variable}: http://USER:PASSWORD@host:port, percent-encoded.`,
      };
}

export function proxyRefusalWords(attempt: FailedAttempt, { host }: Situation): SpokenWords {
  const status = attempt.failure.httpStatus;
  return {
    cause: `The proxy of ${proxyVariable(attempt)} does not open the way to ${host}${
      status === undefined ? '' : ` (HTTP ${status})`
    }`,
    remedy:
      status !== undefined && status >= 500
        ? `The proxy itself cannot reach ${host}: let whoever runs it look into its log.`
        : `Ask whoever runs the proxy to allow connections to ${host}, or name the host in NO_PROXY if it can be reached directly.`,
  };
}
