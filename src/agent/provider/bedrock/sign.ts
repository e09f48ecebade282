import type { RequestHeaders } from '../../../net/network.ts';
import { Secret } from '../../../redact/secret.ts';
import type { SignableRequest } from '../provider.ts';
import type { AwsKeys } from './credentials.ts';

const SERVICE = 'bedrock-mantle';

/**
 * Signs one request (AWS Signature Version 4) on its final bytes. Gives all headers to send, `host` aside, which follows
 * from the URL: those with `_` in their name are gone, because servers on the way drop them and the signature would fail.
 */
export async function signRequest(
  { method, url, headers, body }: SignableRequest,
  { keys, region, now }: { readonly keys: AwsKeys; readonly region: string; readonly now: Date },
): Promise<RequestHeaders> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
  ]);
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const sendable = Object.entries(headers).filter(([name]) => !name.includes('_'));
  const signer = new SignatureV4({ service: SERVICE, region, credentials: keys, sha256: Sha256 });
  const signed = await signer.sign(
    {
      method,
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: pathname,
      query: queryOf(searchParams),
      headers: { ...Object.fromEntries(sendable), host },
      body,
    },
    { signingDate: now },
  );
  return Object.fromEntries(
    Object.entries(signed.headers)
      .filter(([name]) => name.toLowerCase() !== 'host')
      .map(([name, value]) => [name, CONFIDENTIAL.has(name.toLowerCase()) ? new Secret(value) : value]),
  );
}

const CONFIDENTIAL: ReadonlySet<string> = new Set(['authorization', 'x-amz-security-token']);

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
