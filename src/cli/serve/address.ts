import { isLoopbackAddress } from '../../net/listen-names.ts';
import { UsageError } from '../usage-error.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
}

const LAST_PORT = 65_535;

/**
 * Reads `HOST:PORT`, `[::1]:PORT` or `PORT` alone.
 * @throws UsageError, also for an address that other machines reach where that was not asked for
 */
export function readListenAddress(text: string, { expose }: { readonly expose: boolean }): ListenAddress {
  const [, bracketed, named = '127.0.0.1', digits] =
    /^(?:\[([^\]]+)\]:|([^:]*):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? named;
  const port = Number(digits ?? Number.NaN);
  if (!(port <= LAST_PORT) || host === '')
    throw new UsageError(
      `--listen ${text} is no address with a port.`,
      'For example: --listen 127.0.0.1:9465',
    );
  const isLoopback = host === 'localhost' || isLoopbackAddress(host);
  if (!isLoopback && !expose)
    throw new UsageError(
      `--listen ${text} can be reached by other machines, which could read the report.`,
      'Add --expose where they may, or listen at 127.0.0.1.',
    );
  return { host, port, isLoopback };
}
