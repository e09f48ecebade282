import type { RequestAuth } from '../../provider/provider.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';

/** What facts say of the credential: that there is one. A signature is none, as it is made for each attempt (trap 34). */
export function credentialFacts({
  headers,
  mode,
}: Pick<RequestAuth, 'headers' | 'mode'>): Pick<
  AttemptFacts,
  'authHeaderAttached' | 'authHeaderName' | 'authMode'
> {
  const isAttached = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return {
    authHeaderAttached: isAttached,
    ...(isAttached && { authHeaderName: 'authorization' }),
    ...(mode !== undefined && { authMode: mode }),
  };
}
