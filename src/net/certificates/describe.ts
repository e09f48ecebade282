import type { Trust } from './trust.ts';

/** One line of a log: what happened, and fields that are named once and for all. */
export interface TrustRecord {
  readonly level: 'debug' | 'info' | 'warn';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/**
 * What a log says about a decision whom to trust: which variable selected which file, how many certificates were taken,
 * what was read leniently, or what is wrong.
 * @param variables those that could have named a bundle
 */
export function describeTrust(trust: Trust, variables: readonly string[]): TrustRecord[] {
  if (trust.kind === 'unusable') {
    const { variable, path, message, certificateIndex } = trust.error;
    return [
      {
        level: 'warn',
        message: 'custom CA bundle cannot be used',
        fields: {
          source_env: variable,
          ca_path: path,
          ...(certificateIndex !== undefined && { certificate_index: certificateIndex }),
          error: message,
        },
      },
    ];
  }
  const { source } = trust;
  if (source.kind === 'system')
    return [
      {
        level: 'debug',
        message: 'no custom CA bundle, system roots are used',
        fields: Object.fromEntries(variables.map((name) => [`${name.toLowerCase()}_configured`, false])),
      },
    ];
  const place = { source_env: source.variable, ca_path: source.path };
  return [
    ...(source.normalizedLabels
      ? [{ level: 'debug' as const, message: 'TRUSTED CERTIFICATE labels were normalised', fields: place }]
      : []),
    ...(source.ignoredCrls > 0
      ? [{ level: 'info' as const, message: 'revocation lists were ignored', fields: place }]
      : []),
    {
      level: 'info',
      message: 'custom CA bundle is used',
      fields: { ...place, certificate_count: source.certificateCount },
    },
  ];
}
