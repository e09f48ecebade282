import type { OtelSettings, Signal } from './settings.ts';

/** Who reports. */
export interface ServiceFacts {
  /** `codex_exec`, `stethos` …; `OTEL_SERVICE_NAME` wins. */
  readonly name: string;
  readonly version: string;
}

/** Where it runs. */
export interface MachineFacts {
  readonly hostName?: string;
  /** Family and version, such as `Debian GNU/Linux` and `12`. */
  readonly os?: string;
  readonly osVersion?: string;
}

/**
 * Attributes of the resource of a signal (spec/observability.md 4.2): the host only on logs, the operating system only on
 * metrics, where every value may become a tag. What the user names in `OTEL_RESOURCE_ATTRIBUTES` is kept everywhere.
 */
export function resourceAttributesOf(
  signal: Signal,
  settings: Pick<OtelSettings, 'environment' | 'resourceAttributes' | 'serviceName'>,
  { service, machine }: { readonly service: ServiceFacts; readonly machine: MachineFacts },
): Readonly<Record<string, string>> {
  return {
    'service.version': service.version,
    ...(signal === 'logs' && machine.hostName !== undefined && { 'host.name': machine.hostName }),
    ...(signal === 'metrics' && { ...tag('os', machine.os), ...tag('os_version', machine.osVersion) }),
    ...settings.resourceAttributes,
    'service.name': settings.serviceName ?? service.name,
    env: settings.environment,
  };
}

/** Values of tags are of `[A-Za-z0-9._/-]`, and never empty (spec/observability.md 4.5). */
function tag(name: string, value: string | undefined): Record<string, string> {
  const clean = (value ?? '').replaceAll(/[^A-Za-z0-9._/-]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return clean === '' || clean === 'unspecified' ? {} : { [name]: clean };
}
