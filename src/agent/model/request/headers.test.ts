import { expect, test } from 'vitest';
import { capableModel, plainRequest } from '../../../../fixtures/model-request.ts';
import { Secret } from '../../../redact/secret.ts';
import type { RequestAuth } from '../../provider/provider.ts';
import { ModelError } from '../error.ts';
import { mergeHeaders, streamHeaders, threadHeaders, writableRequest } from './headers.ts';
import type { RequestContext } from './headers.ts';
import { createTurnState } from './turn-state.ts';

const IDENTITY = { originator: 'stethos', userAgent: 'stethos/1', installationId: 'install-1' };
const NOBODY: RequestAuth = { mode: undefined, usesChatgptBackend: false, headers: {} };

const context = (more: Partial<RequestContext> = {}): RequestContext => ({
  threadId: 'thread-1',
  sessionId: 'session-1',
  windowId: 'thread-1:2',
  turnState: createTurnState(),
  ...more,
});

test('a request says which thread it belongs to', () => {
  expect(streamHeaders(plainRequest(), context())).toEqual({
    accept: 'text/event-stream',
    'x-client-request-id': 'thread-1',
    'session-id': 'session-1',
    'thread-id': 'thread-1',
    'x-codex-window-id': 'thread-1:2',
  });
});

test('and what else there is to say', () => {
  const turnState = createTurnState();
  turnState.offer('token');
  const request = plainRequest({
    model: { ...capableModel, usesResponsesLite: true },
    turnMetadata: { turn_id: 'é' },
    trace: { traceparent: '00-1', tracestate: 'a=b' },
  });
  expect(streamHeaders(request, context({ turnState, betaFeatures: ['one', 'two'] }))).toMatchObject({
    'x-codex-beta-features': 'one,two',
    'x-codex-turn-state': 'token',
    'x-codex-turn-metadata': String.raw`{"turn_id":"\u00e9"}`,
    'x-openai-internal-codex-responses-lite': 'true',
    traceparent: '00-1',
    tracestate: 'a=b',
  });
});

test('an upgrade that no turn asked for has no turn metadata', () => {
  const nobody = undefined;
  expect(threadHeaders(context(), nobody)).not.toHaveProperty('x-codex-turn-metadata');
});

test('the token for sticky routing is written once (trap 5)', () => {
  const turnState = createTurnState();
  expect(turnState.token()).toBeUndefined();
  turnState.offer(undefined);
  turnState.offer('first');
  turnState.offer('second');
  expect(turnState.token()).toBe('first');
});

test('provider < request, defaults where nothing is, and the credential over all (trap 49)', () => {
  const provider = {
    headers: { 'X-Both': 'provider', Originator: 'theirs', authorization: 'forged', 'x-own': 'own' },
    auth: { ...NOBODY, headers: { Authorization: new Secret('Bearer real') } },
  };
  const merged = Object.fromEntries(mergeHeaders(provider, { 'x-both': 'request' }, IDENTITY));
  expect(merged).toEqual({
    'x-both': 'request',
    originator: 'theirs',
    authorization: new Secret('Bearer real'),
    'x-own': 'own',
    'user-agent': 'stethos/1',
  });
  expect((merged['authorization'] as Secret).reveal()).toBe('Bearer real');
});

test('without a token a configured Authorization stays', () => {
  const provider = { headers: { Authorization: 'configured' }, auth: NOBODY };
  expect(mergeHeaders(provider, {}, IDENTITY).get('authorization')).toBe('configured');
});

test('a requirement of residency is said', () => {
  const merged = mergeHeaders({ headers: {}, auth: NOBODY }, {}, { ...IDENTITY, residency: 'us' });
  expect(merged.get('x-openai-internal-codex-residency')).toBe('us');
});

const send = (): unknown => writableRequest('http://localhost/', { 'x-team': new Secret('a\nb-secret') });

test('a value that no header can carry is an error that names the header and not the value', () => {
  expect(send).toThrow(ModelError);
  expect(send).toThrow(/"x-team"/);
  expect(send).not.toThrow(/b-secret/);
});
