import { describeUrl } from '../redact/places.ts';
import type { Environment } from '../target/home.ts';

/** In the order of the reference (spec/observability.md 6). */
const VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/** What may stand between this machine and a provider; passwords in it are hidden. Undefined where nothing is set. */
export function connectivityDiagnostics(env: Environment): string | undefined {
  const lines = VARIABLES.flatMap((name) => {
    const value = env[name];
    return value === undefined || value === ''
      ? []
      : [`  - ${name} = ${describeUrl(value).replaceAll(/\s+/g, ' ')}`];
  });
  if (lines.length === 0) return undefined;
  return [
    'Connectivity diagnostics',
    '',
    '- Proxy environment variables are set and may affect connectivity.',
    ...lines,
    '',
  ].join('\n');
}
