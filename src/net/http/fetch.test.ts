import { execFile } from 'node:child_process';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort, startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { RecordedRequest, Step } from '../../../fixtures/lab/fault-server.ts';
import type { Trust } from '../certificates/trust.ts';
import { DialError } from '../dial/dial.ts';
import { loadProxies } from '../proxy/decision.ts';
import { createDispatcher, createFetch } from './fetch.ts';
import type { HttpDependencies } from './observe.ts';

const authority = await createAuthority();
const secureContext = createSecureContext({ ca: authority.certificate });
const trust: Trust = { kind: 'usable', source: { kind: 'system' }, secureContext: () => secureContext };

function dependencies(variables: Record<string, string> = {}): HttpDependencies {
  const proxies = loadProxies({ values: variables, originOf: () => undefined }, []);
  return { routeFor: (url) => proxies.routeFor(url), trust: () => trust };
}

const echo = ({ method, url, headers, body }: RecordedRequest): Step => ({
  answer: { status: 200, body: JSON.stringify({ method, url, body, header: headers['x-header'] }) },
});

test('requests share a connection of the one dialer, through a private authority', async () => {
  await using server = await startFaultServer(echo, { tls: { identity: await authority.issue() } });
  const dispatcher = await createDispatcher(dependencies());
  const send = await createFetch(dispatcher);
  for (const path of ['/one', '/two', '/three', '/four']) {
    const response = await send(server.url(path));
    expect(await response.json()).toMatchObject({ method: 'GET', url: path });
  }
  // One that is not yet free is not waited for.
  expect(server.connections).toBeLessThan(3);
  await dispatcher.close();
});

test("Node's own Headers, Request, URL and signals are taken", async () => {
  await using server = await startFaultServer(echo);
  const dispatcher = await createDispatcher(dependencies());
  const send = await createFetch(dispatcher);
  const headers = new Headers({ 'x-header': 'x' });
  const expected = { method: 'POST', body: 'text', header: 'x' };
  const init = { method: 'POST', headers, body: 'text' };
  expect(await (await send(new URL(server.url()), init)).json()).toMatchObject(expected);
  expect(await (await send(new Request(server.url(), init))).json()).toMatchObject(expected);
  await expect(send(server.url(), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
  await dispatcher.close();
});

test('a connection that does not come about is the cause', async () => {
  const dispatcher = await createDispatcher(dependencies());
  const send = await createFetch(dispatcher);
  const error = await send(`http://127.0.0.1:${await closedPort()}/`).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TypeError);
  const { cause } = error as TypeError;
  expect(cause).toBeInstanceOf(DialError);
  expect((cause as DialError).outcome).toEqual({
    kind: 'unconnected',
    hop: 'endpoint',
    code: 'ECONNREFUSED',
  });
  await dispatcher.close();
});

test('a proxy forwards what is plain and tunnels what is secure', async () => {
  await using plain = await startFaultServer(echo);
  await using secure = await startFaultServer(echo, { tls: { identity: await authority.issue() } });
  const credentials = { username: 'ann', password: 'planted' };
  await using proxy = await startFaultProxy({ credentials });
  const dispatcher = await createDispatcher(
    dependencies({ ALL_PROXY: proxy.withCredentials(credentials.username, credentials.password) }),
  );
  const send = await createFetch(dispatcher);
  for (const server of [plain, secure]) {
    const response = await send(server.url('/path?a=b'), { headers: { 'x-header': 'x' } });
    expect(await response.json()).toMatchObject({ url: '/path?a=b', header: 'x' });
    expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  }
  expect(proxy.seen).toMatchObject([
    { method: 'GET', target: plain.url('/path?a=b') },
    { method: 'CONNECT', target: `localhost:${secure.port}` },
  ]);
  await dispatcher.close();
});

test('idle connections do not keep a process alive', async () => {
  await using server = await startFaultServer(echo);
  const program = `
    import { createDispatcher, createFetch } from ${JSON.stringify(new URL('./fetch.ts', import.meta.url).href)};
    const dispatcher = await createDispatcher({ routeFor: () => ({ kind: 'direct' }) });
    const send = await createFetch(dispatcher);
    const response = await send(${JSON.stringify(server.url())});
    process.stdout.write(await response.text());
    process.on('exit', () => process.stdout.write(' open: ' + dispatcher.stats[${JSON.stringify(new URL(server.url()).origin)}]?.connected));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '--eval',
    program,
  ]);
  expect(stdout).toMatch(/"method":"GET".* open: 1$/);
});
