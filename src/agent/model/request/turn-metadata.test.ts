import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson, turnMetadata } from './turn-metadata.ts';

const FACTS = {
  sessionId: 's',
  threadId: 't',
  sandbox: 'none',
  requestKind: 'turn',
  windowId: 't:0',
} as const;

test('says where a request stands, and nothing that is unknown', () => {
  expect(turnMetadata(FACTS)).toEqual({
    session_id: 's',
    thread_id: 't',
    sandbox: 'none',
    request_kind: 'turn',
    window_id: 't:0',
  });
  const more = { ...FACTS, turnId: 'u', turnStartedAtUnixMs: 5, threadSource: 'exec', workspaces: {} };
  expect(Object.keys(turnMetadata(more))).toEqual([
    'session_id',
    'thread_id',
    'turn_id',
    'thread_source',
    'sandbox',
    'turn_started_at_unix_ms',
    'request_kind',
    'window_id',
    'workspaces',
  ]);
});

test('a client adds keys of its own', () => {
  expect(turnMetadata(FACTS, { ticket: '42' })).toMatchObject({ ticket: '42', sandbox: 'none' });
});

test.each([
  'session_id',
  'thread_id',
  'turn_id',
  'turn_started_at_unix_ms',
  'forked_from_thread_id',
  'parent_thread_id',
  'subagent_kind',
  'request_kind',
  'compaction',
  'window_id',
  'sandbox',
])('a client never says %s, also where the agent does not (trap 43)', (key) => {
  expect(turnMetadata(FACTS, { [key]: 'forged' })).toEqual(turnMetadata(FACTS));
});

test('a client may say what is neither reserved nor said', () => {
  expect(turnMetadata(FACTS, { thread_source: 'ours' })).toMatchObject({ thread_source: 'ours' });
  expect(turnMetadata({ ...FACTS, threadSource: 'exec' }, { thread_source: 'ours' })).toMatchObject({
    thread_source: 'exec',
  });
});

test('a key that names a prototype is a key', () => {
  const client = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
  expect(JSON.parse(asciiJson(turnMetadata(FACTS, client)))).toHaveProperty(['__proto__'], 'x');
});

test('the JSON of a header is printable ASCII and means the same (trap 42)', () => {
  expect(asciiJson({ name: 'Zoë 🦊\u007f\n' })).toBe(String.raw`{"name":"Zo\u00eb \ud83e\udd8a\u007f\n"}`);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = asciiJson(value as Parameters<typeof asciiJson>[0]);
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
