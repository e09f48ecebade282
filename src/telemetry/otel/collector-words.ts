import { visibleInOneLine } from '../../redact/control.ts';
import { createHiding, secretsInUrl } from '../../redact/hide.ts';
import type { OtlpSettings } from './settings.ts';

/** Of a server, in a report. */
const MAX_WORDS_LENGTH = 200;

/**
 * Makes words of a collector such that a report can show them: in one line, cut, and without what the export carries, since
 * some repeat the credential that they refuse.
 */
export function collectorWords({
  endpoint,
  headers,
}: Pick<OtlpSettings, 'endpoint' | 'headers'>): (words: string) => string {
  const url = URL.parse(endpoint);
  const secrets = Object.values(headers).map((value) => value.reveal());
  const hide = createHiding([...(url ? secretsInUrl(url) : []), ...secrets]);
  return (words) => visibleInOneLine(hide(words).slice(0, MAX_WORDS_LENGTH));
}
