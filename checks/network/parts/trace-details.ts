import type { DetailValue } from '../../../src/doctor/report.ts';
import type { DialTrace, FamilyAnswer } from '../../../src/net/dial/trace.ts';

/** How a connection came about, phase by phase, as rows of a report. Names of proxies are left out, their variable is told. */
export function traceDetails({
  resolve,
  connect,
  proxy,
  tls,
}: DialTrace): Record<string, DetailValue | undefined> {
  const connected = connect?.attempts.find(({ state }) => state === 'connected');
  const dead = connect?.attempts.filter(({ state }) => state === 'failed') ?? [];
  return {
    'proxy variable': proxy?.variable,
    'proxy scheme': proxy?.scheme,
    'proxy ms': round(proxy?.durationMs),
    'proxy status': proxy?.status,
    'proxy TLS issuer': proxy?.tls?.certificate?.issuer,
    DNS: resolve && `${families(resolve.ipv4, resolve.ipv6)}${proxy ? ' (of the proxy)' : ''}`,
    'DNS IPv4 ms': round(resolve?.ipv4.durationMs),
    'DNS IPv6 ms': round(resolve?.ipv6.durationMs),
    'IP family': connected && `IPv${connected.family}`,
    'connect ms': round(connect?.durationMs),
    'failed connect attempts':
      dead.length > 0 ? dead.map(({ family, code }) => `IPv${family}: ${code ?? 'no reason'}`) : undefined,
    'TLS ms': round(tls?.durationMs),
    'TLS protocol': tls?.protocol,
    ALPN: tls && (tls.alpn ?? 'none'),
    'TLS subject': tls?.certificate?.subject,
    'TLS issuer': tls?.certificate?.issuer,
    'TLS valid from': tls?.certificate?.validFrom,
    'TLS valid to': tls?.certificate?.validTo,
    'TLS chain length': tls?.chainLength,
  };
}

function families({ addresses: ipv4, code }: FamilyAnswer, { addresses: ipv6 }: FamilyAnswer): string {
  const isUnknown = ipv4.length + ipv6.length === 0;
  return isUnknown ? `no address (${code ?? 'no reason'})` : `${ipv4.length} IPv4, ${ipv6.length} IPv6`;
}

export const round = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : Math.round(milliseconds);
