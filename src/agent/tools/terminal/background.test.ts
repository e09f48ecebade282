import { expect, test } from 'vitest';
import { isRunning, startTerminals } from '../../../../fixtures/terminals.ts';
import { systemClock } from '../../../host/clock.ts';
import { createToolRegistry } from '../registry.ts';
import { createToolRouter } from '../router.ts';
import { ToolFailure } from '../tool.ts';
import { pollWait, START_WAIT, waitMsOf, WRITE_WAIT } from './limits.ts';

const BRIEFLY = { yield_time_ms: 250 };

const printed = ({ deltas }: { readonly deltas: readonly Buffer[] }): string =>
  Buffer.concat(deltas).toString();
const printedNumbers = (terminals: { readonly deltas: readonly Buffer[] }): number[] =>
  (printed(terminals).match(/^(?:pid )?\d+(?=\r?\n)/gm) ?? []).map((line) =>
    Number(line.replace('pid ', '')),
  );

test('a command that goes on gets a session, and a later poll has its code (row 20)', async () => {
  await using terminals = startTerminals();
  const started = await terminals.exec({ cmd: 'echo before; sleep 1; echo after; exit 5', ...BRIEFLY });
  expect(started.text).toMatch(/\nProcess running with session ID \d{4,5}\n/);
  expect(started.value).toMatchObject({ session_id: started.session });
  expect(terminals.manager.list()).toMatchObject([{ sessionId: started.session, callId: 'call-1' }]);
  const polled = await terminals.write({ session_id: started.session });
  expect(polled.text).toMatch(/\nProcess exited with code 5\n/);
  // How much of it was there in time is the machine's to say.
  expect(started.output + polled.output).toBe('before\nafter\n');
  expect(terminals.ends()).toMatchObject([
    {
      call_id: 'call-1',
      aggregated_output: 'before\nafter\n',
      exit_code: 5,
      process_id: String(started.session),
    },
  ]);
  await expect(terminals.write({ session_id: started.session })).rejects.toThrow(/no session/);
});

test.each([0, 999, 100_000, -1, 1.5, 54_321])('session %d is unknown', async (session_id) => {
  await using terminals = startTerminals();
  await expect(terminals.write({ session_id })).rejects.toThrow(ToolFailure);
});

test('session ids are between 1000 and 99999, and follow each other where nothing is random', async () => {
  await using terminals = startTerminals({ random: () => 0 });
  const first = await terminals.exec({ cmd: 'sleep 60', ...BRIEFLY });
  await terminals.exec({ cmd: 'true' });
  const third = await terminals.exec({ cmd: 'sleep 60', ...BRIEFLY });
  expect([first.session, third.session]).toEqual([1000, 1002]);
  await using highest = startTerminals({ random: () => 0.999_999_9 });
  expect((await highest.exec({ cmd: 'sleep 60', ...BRIEFLY })).session).toBe(99_999);
});

test('text for a closed input is refused, and Ctrl-C alone ends the process (row 21)', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({ cmd: 'exec sleep 60', ...BRIEFLY });
  await expect(terminals.write({ session_id: session, chars: 'x' })).rejects.toThrow(/closed/);
  await expect(terminals.write({ session_id: session, chars: '\u0003\u0003' })).rejects.toThrow(/closed/);
  const ended = await terminals.write({ session_id: session, chars: '\u0003', yield_time_ms: 20_000 });
  expect(ended.exitCode).toBe(130);
});

test('what is typed at a terminal arrives, and every interaction is told', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({ cmd: 'read line; echo "got $line"', tty: true, ...BRIEFLY });
  const answer = await terminals.write({ session_id: session, chars: 'words\n', yield_time_ms: 20_000 });
  expect(answer.output).toBe('words\r\ngot words\r\n');
  expect(answer.exitCode).toBe(0);
  expect(terminals.events.filter(({ type }) => type === 'terminal_interaction')).toEqual([
    { type: 'terminal_interaction', call_id: 'call-1', process_id: String(session), stdin: 'words\n' },
  ]);
});

test('a poll of a live process is an interaction, one of an ended process is not', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({ cmd: 'sleep 1.5', ...BRIEFLY });
  await terminals.write({ session_id: session, yield_time_ms: 1 });
  await terminals.until(() => terminals.ends().length === 1);
  expect((await terminals.write({ session_id: session, chars: 'late' })).exitCode).toBe(0);
  expect(terminals.events.filter(({ type }) => type === 'terminal_interaction')).toMatchObject([
    { stdin: '' },
  ]);
});

test('Ctrl-C at a terminal interrupts the program there and not its shell', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({
    cmd: 'trap "echo caught" INT; echo ready; while :; do sleep 0.1; done',
    tty: true,
    ...BRIEFLY,
  });
  await terminals.until(() => terminals.deltas.length > 0);
  const answer = await terminals.write({ session_id: session, chars: '\u0003', yield_time_ms: 1_000 });
  expect(answer.output).toContain('caught');
  expect(answer.text).toContain('Process running');
});

test('those who write to one session at once lose nothing and share nothing', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({ cmd: 'stty -echo; echo ready; cat', tty: true, ...BRIEFLY });
  await terminals.until(() => printed(terminals).includes('ready'));
  const answers = await Promise.all(
    ['one', 'two', 'three'].map((word) => terminals.write({ session_id: session, chars: `${word}\n` })),
  );
  await terminals.until(() => ['one', 'two', 'three'].every((word) => printed(terminals).includes(word)));
  const rest = await terminals.write({ session_id: session, yield_time_ms: 1 });
  const lines = [...answers, rest].flatMap(({ output }) => output.split('\r\n'));
  expect(lines.filter((line) => line !== '' && line !== 'ready').toSorted()).toEqual(['one', 'three', 'two']);
});

test('an interrupt gives the call an output and leaves the process alone (row 7, trap 4)', async () => {
  await using terminals = startTerminals();
  const turn = new AbortController();
  const router = createToolRouter({
    registry: createToolRegistry({ tools: terminals.tools }),
    context: terminals.context(turn.signal),
    truncation: { mode: 'tokens', limit: 10_000 },
    clock: systemClock,
    record: () => Promise.resolve(),
  });
  const { outcome } = await router.begin({
    type: 'function_call',
    name: 'exec_command',
    arguments: JSON.stringify({ cmd: 'echo $$; sleep 0.5; echo survived' }),
    call_id: 'first',
  });
  await terminals.until(() => terminals.deltas.length > 0);
  turn.abort();
  expect((await outcome).output).toMatchObject({
    call_id: 'first',
    output: expect.stringMatching(/^Wall time: \d+\.\d seconds\naborted by user/) as string,
  });
  const [running] = terminals.manager.list();
  expect(isRunning(Number(terminals.deltas[0]?.toString()))).toBe(true);
  await terminals.until(() => terminals.ends().length === 1);
  expect(terminals.ends()).toMatchObject([
    { call_id: 'first', exit_code: 0, aggregated_output: expect.stringContaining('survived') as string },
  ]);
  const polled = await terminals.write({ session_id: running?.sessionId });
  expect(polled.output).toContain('survived');
});

test('an interrupt of a poll leaves the process and its output for the next one', async () => {
  await using terminals = startTerminals();
  const { session } = await terminals.exec({ cmd: 'sleep 0.6; echo late', ...BRIEFLY });
  const turn = new AbortController();
  const poll = terminals.write({ session_id: session }, turn.signal);
  turn.abort(new Error('interrupted'));
  await expect(poll).rejects.toThrow('interrupted');
  expect((await terminals.write({ session_id: session })).output).toBe('late\n');
});

test('the clean-up ends terminals with all that they started, and nothing but it does (row 8)', async () => {
  await using terminals = startTerminals();
  const [piped] = await Promise.all([
    terminals.exec({ cmd: 'sleep 300 & echo $!; sleep 300', ...BRIEFLY }),
    terminals.exec({ cmd: 'bash -ic "sleep 300 & echo pid \\$!; sleep 300"', tty: true, ...BRIEFLY }),
  ]);
  await terminals.until(() => printedNumbers(terminals).length === 2);
  const grandchildren = printedNumbers(terminals);
  expect(grandchildren.map(isRunning)).toEqual([true, true]);
  await terminals.manager.cleanAll();
  expect(grandchildren.map(isRunning)).toEqual([false, false]);
  expect(terminals.manager.list()).toEqual([]);
  expect(terminals.ends()).toHaveLength(2);
  await expect(terminals.write({ session_id: piped.session })).rejects.toThrow(/no session/);
  expect((await terminals.exec({ cmd: 'echo again' })).output).toBe('again\n');
});

test('a process that does not listen to SIGTERM is killed', async () => {
  await using terminals = startTerminals();
  await terminals.exec({ cmd: 'trap "" TERM HUP INT; echo $$; while :; do sleep 1; done', ...BRIEFLY });
  await terminals.until(() => terminals.deltas.length > 0);
  await terminals.manager.cleanAll();
  expect(printedNumbers(terminals).map(isRunning)).toEqual([false]);
  expect(terminals.ends()).toMatchObject([{ exit_code: 137, status: 'failed' }]);
});

test('the 65th process takes the place of the least recently used one (row 22)', async () => {
  await using terminals = startTerminals({ random: () => 0 });
  const sleeping = Array.from({ length: 64 }, () => terminals.exec({ cmd: 'exec sleep 300', ...BRIEFLY }));
  const sessions = (await Promise.all(sleeping)).map(({ session }) => session);
  expect(sessions).toEqual(Array.from({ length: 64 }, (_, index) => 1000 + index));
  // The oldest one is used, so the second is next.
  await terminals.write({ session_id: 1000, yield_time_ms: 1 });
  const next = await terminals.exec({ cmd: 'exec sleep 300', ...BRIEFLY });
  expect(next.session).toBe(1064);
  await terminals.until(() => terminals.ends().length === 1);
  const ids = terminals.manager.list().map(({ sessionId }) => sessionId);
  expect(ids).toHaveLength(64);
  expect(ids).not.toContain(1001);
});

test('a process that has ended is pruned before one that lives', async () => {
  await using terminals = startTerminals({ random: () => 0 });
  await terminals.exec({ cmd: 'exec sleep 300', ...BRIEFLY });
  await terminals.exec({ cmd: 'exec sleep 0.5', ...BRIEFLY });
  await terminals.until(() => terminals.ends().length === 1);
  await Promise.all(Array.from({ length: 63 }, () => terminals.exec({ cmd: 'exec sleep 300', ...BRIEFLY })));
  const ids = terminals.manager.list().map(({ sessionId }) => sessionId);
  expect(ids).toContain(1000);
  await expect(terminals.write({ session_id: 1001 })).rejects.toThrow(/no session/);
});

test('after a shutdown nothing runs and nothing starts', async () => {
  const terminals = startTerminals();
  await terminals.exec({ cmd: 'echo $$; sleep 300', ...BRIEFLY });
  await terminals.until(() => terminals.deltas.length > 0);
  const waiting = terminals.shellCommand({ command: 'sleep 300', timeout_ms: 60_000 });
  await terminals.until(
    () => terminals.events.filter(({ type }) => type === 'exec_command_begin').length === 2,
  );
  await terminals.manager.shutdown();
  expect(printedNumbers(terminals).map(isRunning)).toEqual([false]);
  expect((await waiting).exitCode).toBe(143);
  await expect(terminals.exec({ cmd: 'true' })).rejects.toThrow(/shut down/);
});

test('waits have limits of their own: a start, a write, a poll (trap 25)', () => {
  expect([undefined, 1, 999_999].map((asked) => waitMsOf(asked, START_WAIT))).toEqual([10_000, 250, 30_000]);
  expect([undefined, 1, 999_999].map((asked) => waitMsOf(asked, WRITE_WAIT))).toEqual([250, 250, 30_000]);
  expect([undefined, 1, 999_999].map((asked) => waitMsOf(asked, pollWait(300_000)))).toEqual([
    5_000, 5_000, 300_000,
  ]);
});
