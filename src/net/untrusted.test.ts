import type { AddressInfo } from 'node:net';
import { createSecureContext, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority, selfSigned } from '../../fixtures/lab/authority.ts';
import { Secret } from '../redact/secret.ts';
import type { Trust } from './certificates/trust.ts';
import { DialError } from './dial/dial.ts';
import { createDispatcher, createFetch } from './http/fetch.ts';
import { observeHttp } from './http/observe.ts';
import type { HttpDependencies } from './http/observe.ts';
import { loadProxies } from './proxy/decision.ts';
import { observeWebSocket } from './websocket/observe.ts';

/** Enough for a session that would be resumed. */
const ROUNDS = 3;

const secureContext = createSecureContext({ ca: (await createAuthority()).certificate });
const trust: Trust = { kind: 'usable', source: { kind: 'system' }, secureContext: () => secureContext };
const stranger = await selfSigned();

/** A TLS server that nobody trusts and that counts what it is sent. */
async function startStranger(
  version: 'TLSv1.2' | 'TLSv1.3',
  protocols: readonly string[],
): Promise<{ readonly place: string; received(): number } & AsyncDisposable> {
  let received = 0;
  const server = createServer(
    {
      cert: stranger.chain,
      key: stranger.key,
      minVersion: version,
      maxVersion: version,
      ALPNProtocols: [...protocols],
    },
    (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', ({ length }) => {
        received += length;
      });
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    place: `localhost:${(server.address() as AddressInfo).port}`,
    received: () => received,
    // Called back once every connection is gone, and with it whatever was on its way.
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

/**
 * The dialer takes even a certificate that it does not trust, in order to show it. This holds what makes that safe:
 * whoever has no trust gets no byte of a request, in no way out and in no repetition.
 */
test.each([
  ['TLSv1.2', ['h2', 'http/1.1']],
  ['TLSv1.2', ['http/1.1']],
  ['TLSv1.3', ['h2', 'http/1.1']],
  ['TLSv1.3', ['http/1.1']],
] as const)('nothing is written to a stranger over %s that offers %j', async (version, protocols) => {
  const counts: number[] = [];
  for (const role of ['endpoint', 'proxy'] as const) {
    const server = await startStranger(version, protocols);
    const values: Record<string, string> =
      role === 'proxy' ? { ALL_PROXY: `https://ann:planted@${server.place}` } : {};
    const proxies = loadProxies({ values, originOf: () => undefined }, []);
    const dependencies: HttpDependencies = { routeFor: (url) => proxies.routeFor(url), trust: () => trust };
    const dispatcher = await createDispatcher(dependencies);
    const send = await createFetch(dispatcher);
    const ask = { headers: { authorization: new Secret('Bearer planted') }, timeoutMs: 10_000 };
    const plain = { headers: { authorization: 'Bearer planted' } };
    const fetched = (url: string): Promise<string> =>
      send(url, plain).then(
        ({ status }) => `HTTP ${status}`,
        ({ cause }: TypeError) => (cause instanceof DialError ? cause.outcome.kind : String(cause)),
      );
    const outcomes: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const secure = await observeHttp(
        { url: `https://${server.place}/`, method: 'GET', ...ask },
        dependencies,
      );
      outcomes.push(secure.outcome.kind);
      outcomes.push(await fetched(`https://${server.place}/`));
      if (role === 'proxy') {
        const forwarded = { url: 'http://localhost:8080/', method: 'GET', ...ask } as const;
        outcomes.push((await observeHttp(forwarded, dependencies)).outcome.kind);
        outcomes.push(await fetched('http://localhost:8080/'));
      } else {
        const upgrade = { url: `wss://${server.place}/`, windowMs: 10, ...ask };
        outcomes.push((await observeWebSocket(upgrade, dependencies)).outcome.kind);
      }
    }
    await dispatcher.close();
    await server[Symbol.asyncDispose]();
    expect(new Set(outcomes)).toEqual(new Set(['tls_failed']));
    counts.push(server.received());
  }
  expect(counts).toEqual([0, 0]);
});
