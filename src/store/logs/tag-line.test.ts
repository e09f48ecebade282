import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bare } from './logger.ts';
import { createRow, createSpan } from './row.ts';
import { tagsInBody } from './tag-line.ts';

/* Bodies as codex 0.169 writes them, its ids and folders shortened. */

const SPANS =
  'session_loop{thread_id=01a1}:submission_dispatch{otel.name="op.dispatch.turn_input" codex.op="turn_input"}:turn{model=gpt-5.3-codex codex.turn.reasoning_effort=default}:session_task.run:run_sampling_request{cwd=/work}: ';
const tagsOf = (body: string): Record<string, string> => Object.fromEntries(tagsInBody(body));

describe('the rows of codex', () => {
  test('an attempt: strings in quotes, switches without', () => {
    const body = String.raw`${SPANS}endpoint="/responses" auth_header_attached=true auth_header_name="authorization" auth_recovery_mode="" auth_cf_ray="ray \"q\" \\ 1" auth_error="miss=ing a: \"b\" c" auth_error_code="token_expired\nnext\u{7} é"`;
    expect(tagsOf(body)).toEqual({
      endpoint: '/responses',
      auth_header_attached: 'true',
      auth_header_name: 'authorization',
      auth_recovery_mode: '',
      auth_cf_ray: String.raw`ray "q" \ 1`,
      auth_error: 'miss=ing a: "b" c',
      auth_error_code: 'token_expired\nnext\u0007 é',
    });
  });

  test('the start of a sampling: Rust values, and settings packed as JSON', () => {
    const body = `${SPANS}model="gpt-5.3-codex" approval_policy=OnRequest sandbox_policy=ReadOnly { network_access: false } effort=None auth_mode=Some(Chatgpt) tags_json={"feature.apps":"true","review_model":"un: set"}`;
    expect(tagsOf(body)).toEqual({
      model: 'gpt-5.3-codex',
      approval_policy: 'OnRequest',
      sandbox_policy: 'ReadOnly { network_access: false }',
      effort: '',
      auth_mode: 'Chatgpt',
      'feature.apps': 'true',
      review_model: 'un: set',
    });
  });

  test('folders in a Rust value', () => {
    const body = `${SPANS}sandbox_policy=WorkspaceWrite { writable_roots: [AbsolutePathBuf("/a b: c=\\"d\\"")], network_access: false } effort=Some("high")`;
    expect(tagsOf(body)).toMatchObject({ effort: 'high' });
  });
});

test.each([
  ['no tags', 'a message of somebody'],
  ['nothing', ''],
  ['a string without an end', `${SPANS}auth_error="x`],
  ['a brace without an end', `${SPANS}policy={ a`],
  ['words behind a string', `${SPANS}auth_error="x"y`],
  ['a body that is far too long', `a="${'x'.repeat(70_000)}"`],
  ['settings that are no JSON', `${SPANS}tags_json={"a}`],
])('%s: no tags', (_name, body) => expect(tagsInBody(body)).toEqual([]));

test('a row outside of all spans has tags', () => expect(tagsOf('a="b: c"')).toEqual({ a: 'b: c' }));

test('a folder of a span is no tag', () => {
  const body = 'run{cwd=/tmp/}: auth_mode="spoof" x=}:turn: auth_mode="ApiKey"';
  expect(tagsOf(body)).toEqual({ auth_mode: 'ApiKey' });
});

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(fc.constantFrom(': ', '"', '\\', '}', '{', 'a="b"', ' x=', ':', '\n', '\u0000'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);
const names = fc.stringMatching(/^[a-z_][a-z0-9_.]{0,8}$/);

it('what our log writes reads the same, whatever stands in it and around it', () => {
  const tags = fc.dictionary(names, fc.oneof(hostileText, fc.boolean()), { minKeys: 1, maxKeys: 6 });
  fc.assert(
    fc.property(tags, hostileText, hostileText, (fields, quoted, plain) => {
      const body = createRow({
        spans: [createSpan('session', { name: quoted, cwd: bare(plain) }), createSpan('turn')],
        level: 'INFO',
        target: 'feedback_tags',
        message: '',
        fields,
        nowMs: 0,
        processUuid: 'u',
      }).feedback_log_body;
      const expected = Object.entries(fields).map(([name, value]) => [name, String(value)]);
      expect(tagsInBody(body ?? '')).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('never throws', () => {
  fc.assert(
    fc.property(hostileText, (body) => {
      expect(Array.isArray(tagsInBody(body))).toBe(true);
    }),
  );
});
