import type { AuthTags } from '../telemetry/auth-facts.ts';

/** What a reader asks first: was a credential attached, which 401 was it, and what did recovery do. Empty tags say nothing. */
export function authLines(tags: AuthTags | undefined): readonly string[] {
  if (!tags) return [];
  const said = (...names: readonly string[]): string =>
    names
      .flatMap((name) => {
        const value = tags[name] ?? '';
        return value === '' ? [] : [`${name.replace(/^auth_(?:401_|recovery_)?/, '')} ${value}`];
      })
      .join(', ');
  const groups: readonly (readonly [string, string])[] = [
    [
      'auth',
      said(
        'auth_mode',
        'auth_header_attached',
        'auth_header_name',
        'auth_connection_reused',
        'auth_request_id',
        'auth_error',
      ),
    ],
    ['401', said('auth_401_request_id', 'auth_401_cf_ray', 'auth_401_error', 'auth_401_error_code')],
    [
      'recovery',
      said(
        'auth_recovery_mode',
        'auth_recovery_phase',
        'auth_recovery_outcome',
        'auth_recovery_followup_success',
        'auth_recovery_followup_status',
      ),
    ],
  ];
  return groups.flatMap(([name, text]) => (text === '' ? [] : [`${name}: ${text}`]));
}
