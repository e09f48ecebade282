import { Secret } from '../../redact/secret.ts';
import { visibleInOneLine } from '../../redact/control.ts';

/**
 * The address of a Sentry project. Its key says who may write there; it is sent and never shown.
 * https://develop.sentry.dev/sdk/foundations/transport/authentication/
 */
export interface Dsn {
  /** Where envelopes go, without the key. */
  readonly envelopeUrl: string;
  readonly publicKey: Secret;
  /** With the port where there is one; never with a user part. */
  readonly host: string;
  readonly projectId: string;
}

export type DsnRead =
  | { readonly kind: 'dsn'; readonly dsn: Dsn }
  /** Both in words for the user, and without the text itself. */
  | { readonly kind: 'invalid'; readonly problem: string; readonly remedy: string };

const REMEDY =
  'Copy the DSN from the project in Sentry: Settings, Client Keys. It looks like https://<key>@<host>/<project number>.';
/** A DSN has about a hundred characters; whatever is longer is a file. */
const MAX_LENGTH = 2_000;
/** Keys are hexadecimal; relays of other makers use words. */
const PUBLIC_KEY = /^[\w-]{1,200}$/;

/** Reads `<scheme>://<public key>[:<secret key>]@<host>[/<path>]/<project number>`. */
export function parseDsn(text: string): DsnRead {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return invalid('the DSN is longer than any DSN is');
  const url = URL.parse(trimmed);
  if (!url || url.hostname === '') return invalid('the DSN cannot be read as a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return invalid('the scheme of the DSN is neither https nor http');
  if (!PUBLIC_KEY.test(url.username)) return invalid('the DSN has no key before its host');
  const path = url.pathname.split('/').filter((part) => part !== '');
  const projectId = path.pop();
  if (projectId === undefined || !/^\d{1,20}$/.test(projectId))
    return invalid('the DSN does not end with the number of a project');
  const base = path.map((part) => `${part}/`).join('');
  return {
    kind: 'dsn',
    dsn: {
      envelopeUrl: `${url.origin}/${base}api/${projectId}/envelope/`,
      publicKey: new Secret(url.username),
      host: url.host,
      projectId,
    },
  };
}

const invalid = (problem: string): DsnRead => ({ kind: 'invalid', problem, remedy: REMEDY });

/**
 * Where reports go, in words: host, path and project, never the key. Also tells two destinations apart: behind one host
 * stand several of them where a gateway has a path for each.
 */
export function describeDsn({ host, envelopeUrl, projectId }: Dsn): string {
  const { pathname } = new URL(envelopeUrl);
  const path = pathname.slice(0, pathname.lastIndexOf(`/api/${projectId}/`));
  return `${visibleInOneLine(`${host}${path}`)}, project ${projectId}`;
}
