import type { RequestHeaders } from '../../net/network.ts';
import { Secret } from '../../redact/secret.ts';

/** The only place where a server's headers are revealed. */
export function revealHeaders(headers: RequestHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
