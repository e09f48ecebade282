import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answer, commandCall, linesOf, makeExecLab } from '../../../fixtures/exec.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';

/* `stethos exec` as a process: what it prints, and how it ends (spec/agent-core.md 1.7 and 9, rows 13 to 18). */

const lab = makeExecLab();
afterAll(lab.remove);

const plan = (status: string): object => ({
  output: [{ type: 'function_call', name: 'update_plan', arguments: { plan: [{ step: 'listen', status }] } }],
});
const reasoning = (text: string): object => ({
  type: 'reasoning',
  summary: [{ type: 'summary_text', text }],
  encrypted_content: null,
});
const typesOf = (stdout: string): string[] =>
  linesOf(stdout).map((line) => ('item' in line ? `${line.type} ${line.item.type}` : line.type));
/** `config.toml` of a provider at this address. */
const labProvider = (baseUrl: string, extra = ''): string =>
  [
    'model = "gpt-5.3-codex"',
    'model_provider = "lab"',
    '[model_providers.lab]',
    'name = "Lab"',
    `base_url = "${baseUrl}"`,
    'env_key = "LAB_KEY"',
    'request_max_retries = 0',
    'stream_max_retries = 1',
    extra,
  ].join('\n');

describe('the stream of --json', () => {
  test('row 13: one message', async () => {
    const { stdout, exitCode } = await lab.place().exec([answer('done')], ['--json', 'go']);
    expect(exitCode).toBe(0);
    expect(linesOf(stdout)).toEqual([
      { type: 'thread.started', thread_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
      { type: 'turn.started' },
      { type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text: 'done' } },
      {
        type: 'turn.completed',
        usage: { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, reasoning_output_tokens: 0 },
      },
    ]);
  });

  test('row 14: a command, then a message', async () => {
    const { stdout } = await lab
      .place()
      .exec([commandCall('echo hi'), answer('done')], ['--json', '-s', 'danger-full-access', 'go']);
    const items = linesOf(stdout).flatMap((line) => ('item' in line ? [line] : []));
    expect(items.map(({ type, item }) => [type, item.id, item.type])).toEqual([
      ['item.started', 'item_0', 'command_execution'],
      ['item.completed', 'item_0', 'command_execution'],
      ['item.completed', 'item_1', 'agent_message'],
    ]);
    expect(items[1]?.item).toMatchObject({ aggregated_output: 'hi\n', exit_code: 0, status: 'completed' });
  });

  test('row 15: a plan that is sent twice is one list', async () => {
    const { stdout } = await lab
      .place()
      .exec([plan('pending'), plan('completed'), answer('done')], ['--json', 'go']);
    expect(typesOf(stdout).slice(2)).toEqual([
      'item.started todo_list',
      'item.updated todo_list',
      'item.completed agent_message',
      'item.completed todo_list',
      'turn.completed',
    ]);
  });

  test('row 16: a provider that fails until nothing is left', async () => {
    await using server = await startResponsesServer({ responses: () => ({ status: 500, body: 'no' }) });
    const place = lab.place();
    place.file('home/config.toml', labProvider(server.baseUrl));
    const { stdout, stderr, exitCode } = await place.run(['exec', '--json', 'go'], {
      env: { LAB_KEY: 'key-of-the-lab' },
    });
    expect(exitCode).toBe(1);
    const types = typesOf(stdout);
    expect(types).toContain('error');
    expect(types.at(-1)).toBe('turn.failed');
    expect(linesOf(stdout).at(-1)).toEqual({
      type: 'turn.failed',
      error: { message: expect.stringContaining('500') as string },
    });
    expect(`${stdout}${stderr}`).not.toContain('key-of-the-lab');
  });

  test('row 17: reasoning without a word is no item', async () => {
    const { stdout } = await lab
      .place()
      .exec([{ output: [reasoning(' '), reasoning('hm'), 'done'] }], ['--json', 'go']);
    expect(typesOf(stdout).slice(2)).toEqual([
      'item.completed reasoning',
      'item.completed agent_message',
      'turn.completed',
    ]);
  });

  test('a real provider answers over HTTP with a key from the environment', async () => {
    const { completed, created, message } = await import('../../testing/responses/events.ts');
    await using server = await startResponsesServer({
      responses: [[created('r1'), message('hello'), completed('r1')]],
    });
    const place = lab.place();
    place.file('home/config.toml', labProvider(server.baseUrl, 'supports_websockets = false'));
    const { stdout, exitCode } = await place.run(['exec', 'go'], { env: { LAB_KEY: 'key-of-the-lab' } });
    expect({ stdout, exitCode }).toEqual({ stdout: 'hello\n', exitCode: 0 });
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer key-of-the-lab');
  });

  test('stays pure while warnings go to standard error', async () => {
    const place = lab.place();
    place.file('home/logs_2.sqlite', 'no database at all, and longer than a header '.repeat(200));
    place.file('home/config.toml', 'nobody_knows_this = 1');
    const { stdout, stderr, exitCode } = await place.exec([answer('done')], ['--json', 'go']);
    expect(exitCode).toBe(0);
    expect(typesOf(stdout)).toContain('item.completed error');
    expect(stderr).toMatch(/^stethos: .*logs_2\.sqlite/m);
  });

  test('--experimental-json is the older name', async () => {
    const { stdout } = await lab.place().exec([answer('done')], ['--experimental-json', 'go']);
    expect(typesOf(stdout).at(-1)).toBe('turn.completed');
  });
});

describe('without --json', () => {
  test('the final message alone is on standard output, everything else on standard error', async () => {
    const { stdout, stderr, exitCode } = await lab
      .place()
      .exec([commandCall('echo hi'), answer('done')], ['-s', 'danger-full-access', 'go']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'done\n', exitCode: 0 });
    expect(stderr).toMatch(/^stethos \d/);
    expect(stderr).toContain('exit code 0');
    expect(stderr).not.toContain('\u001B');
  });

  test.each([
    ['always', true],
    ['never', false],
  ])('--color %s', async (color, isColoured) => {
    const { stdout, stderr } = await lab.place().exec([answer('done')], ['--color', color, 'go']);
    expect(stdout).toBe('done\n');
    expect(stderr.includes('\u001B[')).toBe(isColoured);
  });

  test('what would steer a terminal is made visible, and left alone for a pipe', async () => {
    const hostile = 'a\u001B]0;title\u0007b\u202Ec';
    const { stdout, stderr } = await lab
      .place()
      .exec(
        [
          { output: [hostile, { type: 'function_call', name: 'update_plan', arguments: { plan: [] } }] },
          answer(hostile),
        ],
        ['--color', 'never', `say ${hostile.replace('\u0007', '')}`],
      );
    expect(stdout).toBe(`${hostile}\n`);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(stderr).not.toMatch(/[\u0007\u001B\u202E]/);
    expect(stderr).toContain(String.raw`a\u001b]0;title\u0007b\u202ec`);
  });

  test('a failed turn says nothing on standard output, and why on standard error', async () => {
    const { stdout, stderr, exitCode } = await lab
      .place()
      .exec([{ output: ['half'], fails: { kind: 'invalid_request', message: 'not like this' } }], ['go']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toContain('not like this');
  });

  test('an answer of 20 MB arrives whole', async () => {
    const text = 'longer than any pipe '.repeat(1_000_000);
    const { stdout, exitCode } = await lab.place().exec([answer(text)], ['go']);
    expect(exitCode).toBe(0);
    expect(stdout.length).toBe(text.length + 1);
  });
});

describe('--output-last-message', () => {
  test('gets the final message of a completed turn', async () => {
    const place = lab.place();
    const path = join(place.project, 'last.txt');
    await place.exec([answer('done')], ['-o', path, 'go']);
    expect(readFileSync(path, 'utf8')).toBe('done');
  });

  test('is empty, with a warning, where there is no message', async () => {
    const place = lab.place();
    const path = join(place.project, 'last.txt');
    const { stderr, exitCode } = await place.exec([{ output: [] }], ['-o', path, 'go']);
    expect(exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(stderr).toContain(`no final message; ${path} is empty`);
  });

  test('is not touched by a turn that failed', async () => {
    const place = lab.place();
    const path = join(place.project, 'last.txt');
    await place.exec([{ fails: { kind: 'invalid_request', message: 'no' } }], ['-o', path, 'go']);
    expect(existsSync(path)).toBe(false);
  });

  test('that cannot be written is exit code 1', async () => {
    const place = lab.place();
    const { stderr, exitCode } = await place.exec(
      [answer('done')],
      ['-o', join(place.project, 'no/last'), 'go'],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/--output-last-message .* cannot be written \(ENOENT\)\./);
  });
});

test('--output-schema goes with the request', async () => {
  const { completed, created, message } = await import('../../testing/responses/events.ts');
  await using server = await startResponsesServer({
    responses: [[created('r1'), message('{}'), completed('r1')]],
  });
  const place = lab.place();
  place.file('home/config.toml', labProvider(server.baseUrl, 'supports_websockets = false'));
  const schema = { type: 'object', additionalProperties: false };
  const path = place.file('schema.json', JSON.stringify(schema));
  await place.run(['exec', '--output-schema', path, 'go'], { env: { LAB_KEY: 'key' } });
  expect(server.requests[0]?.body['text']).toMatchObject({ format: { type: 'json_schema', schema } });
});
