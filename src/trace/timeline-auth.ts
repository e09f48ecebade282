import type { AuthTags } from '../telemetry/auth-facts.ts';

/**
 * What a reader asks first, a line each: was a credential attached, which was the latest 401, and what did recovery do.
 * Facts that are not known are left out.
 */
export function authLines(tags: AuthTags = {}): readonly string[] {
  const of = (name: string): string => tags[name] ?? '';
  const lines = [
    ['auth', attached(of)],
    ['latest 401', evidence(of)],
    ['recovery', recovery(of)],
  ] as const;
  return lines.flatMap(([title, words]) => (words.length > 0 ? [`${title}: ${words.join(', ')}`] : []));
}

/** Of one model call: an earlier 401 is told only where the call met it or followed its recovery. */
export const authLinesOfCall = (tags: AuthTags = {}): readonly string[] =>
  authLines(tags['auth_recovery_phase'] ? tags : withoutEvidence(tags));

const withoutEvidence = (tags: AuthTags): AuthTags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !/^auth_(?:401|recovery)_/.test(name)));

type Of = (name: string) => string;

function attached(of: Of): readonly string[] {
  const isAttached = of('auth_header_attached');
  if (isAttached === '') return [];
  return [
    ...known(of('auth_mode')),
    isAttached === 'true' ? `${of('auth_header_name') || 'header'} attached` : 'no header attached',
    ...(of('auth_connection_reused') === 'true' ? ['on a connection that was open'] : []),
  ];
}

const evidence = (of: Of): readonly string[] => [
  ...new Set([...known(of('auth_401_error')), ...known(of('auth_401_error_code'))]),
  ...known(of('auth_401_request_id'), 'request'),
  ...known(of('auth_401_cf_ray'), 'cf-ray'),
];

function recovery(of: Of): readonly string[] {
  const step = [of('auth_recovery_mode'), of('auth_recovery_phase')].filter((word) => word !== '').join(' ');
  const followUp = of('auth_recovery_followup_success');
  return [
    ...known(step),
    ...known(
      of('auth_recovery_outcome')
        .replace(/^recovery_/, '')
        .replaceAll('_', ' '),
    ),
    ...(followUp === ''
      ? []
      : [
          `the attempt after it ${followUp === 'true' ? 'succeeded' : 'failed'}`,
          ...known(of('auth_recovery_followup_status'), 'HTTP'),
        ]),
  ];
}

const known = (value: string, title = ''): readonly string[] =>
  value === '' ? [] : [title === '' ? value : `${title} ${value}`];
