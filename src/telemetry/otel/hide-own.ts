import { createHiding, secretsInUrl } from '../../redact/hide.ts';
import type { OtlpSettings } from './settings.ts';

/** Takes what an export carries out of what its collector says: some repeat the credential that they refuse. */
export function hidingOf({
  endpoint,
  headers,
}: Pick<OtlpSettings, 'endpoint' | 'headers'>): (text: string) => string {
  const url = URL.parse(endpoint);
  const secrets = Object.values(headers).map((value) => value.reveal());
  return createHiding([...(url ? secretsInUrl(url) : []), ...secrets]);
}
