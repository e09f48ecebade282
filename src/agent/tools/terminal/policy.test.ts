import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FULL_ACCESS, isRunning, RUN, startTerminals } from '../../../../fixtures/terminals.ts';
import type { Guard } from '../../policy/guard.ts';
import type { SandboxPolicy } from '../../policy/policy.ts';
import type { Sandbox } from '../../policy/sandbox.ts';
import { createSandbox } from '../../policy/sandbox/create-sandbox.ts';
import { ToolFailure } from '../tool.ts';

const WORKSPACE: SandboxPolicy = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};

/** Answers as told, and notes what it was asked. */
function guardThat(
  first: Awaited<ReturnType<Guard['permitCommand']>>,
  second: Awaited<ReturnType<Guard['permitWithoutSandbox']>> = { kind: 'refused', message: 'not again' },
) {
  const asked: string[] = [];
  return {
    asked,
    guard: {
      permitCommand: (request: Parameters<Guard['permitCommand']>[0]) => {
        asked.push(`run ${request.argv.at(-1)}`);
        return Promise.resolve(first);
      },
      permitWithoutSandbox: (request: Parameters<Guard['permitWithoutSandbox']>[0]) => {
        asked.push(`without ${request.argv.at(-1)}`);
        return Promise.resolve(second);
      },
    },
  };
}

/** Holds nothing but counts; what runs in it is told to be contained unless it has full access. */
function pretendedSandbox() {
  let open = 0;
  const sandbox: Pick<Sandbox, 'wrap'> = {
    wrap: (launch, policy) => {
      open += 1;
      const isFree = policy.type === 'danger-full-access';
      const env = { ...launch.env, CONTAINED: isFree ? 'no' : 'yes' };
      return Promise.resolve({
        kind: 'ready',
        launch: { ...launch, env },
        mechanism: isFree ? 'none' : 'bubblewrap',
        release: () => (open -= 1),
      });
    },
  };
  return { sandbox, open: () => open };
}

const anyNumber = expect.any(Number) as number;
const sandboxFacts = ({ facts }: Pick<ReturnType<typeof startTerminals>, 'facts'>) =>
  facts.filter(({ type }) => type === 'sandbox_outcome');

test('a command that was not permitted does not run, and its end says declined', async () => {
  for (const kind of ['refused', 'aborted'] as const) {
    const { guard } = guardThat({ kind, message: 'the user said no' });
    await using terminals = startTerminals({ guard });
    const failure = await terminals.exec({ cmd: 'echo ran' }).catch((error: unknown) => error);
    expect(failure).toEqual(new ToolFailure('the user said no'));
    expect(terminals.events).toMatchObject([
      { type: 'exec_command_begin', call_id: 'call-1' },
      { type: 'exec_command_end', status: 'declined', exit_code: -1, aggregated_output: 'the user said no' },
    ]);
    expect(terminals.deltas).toEqual([]);
    expect(terminals.manager.list()).toEqual([]);
  }
});

test('where a policy cannot be held nothing runs, and the model is told why', async () => {
  const { guard } = guardThat({ ...RUN, kind: 'run', sandbox: WORKSPACE } as typeof RUN);
  const sandbox: Pick<Sandbox, 'wrap'> = {
    wrap: () => Promise.resolve({ kind: 'unavailable', message: 'install bubblewrap' }),
  };
  await using terminals = startTerminals({ guard, sandbox });
  await expect(terminals.exec({ cmd: 'echo ran' })).rejects.toThrow('install bubblewrap');
  await expect(terminals.shellCommand({ command: 'echo ran' })).rejects.toThrow('install bubblewrap');
  expect(terminals.ends()).toMatchObject([{ status: 'failed' }, { status: 'failed' }]);
  expect(terminals.deltas).toEqual([]);
});

test('what the sandbox stopped runs again without it, if that is permitted, as one command', async () => {
  const { guard, asked } = guardThat({ kind: 'run', sandbox: WORKSPACE, wasAsked: false }, RUN);
  const { sandbox, open } = pretendedSandbox();
  await using terminals = startTerminals({ guard, sandbox });
  const cmd = 'echo $CONTAINED; test $CONTAINED = no || { echo Permission denied; exit 1; }';
  const result = await terminals.exec({ cmd });
  expect([result.exitCode, result.output]).toEqual([0, 'no\n']);
  expect(asked).toEqual([`run ${cmd}`, `without ${cmd}`]);
  expect(terminals.events.map(({ type }) => type)).toEqual(['exec_command_begin', 'exec_command_end']);
  expect(terminals.ends()).toMatchObject([{ exit_code: 0, aggregated_output: 'no\n' }]);
  expect(sandboxFacts(terminals)).toMatchObject([
    { outcome: 'escalated', initialDurationMs: anyNumber, escalatedDurationMs: anyNumber },
  ]);
  expect(open()).toBe(0);
});

test('what the sandbox stopped, and may not run without it, is told with both reasons', async () => {
  const { guard } = guardThat({ kind: 'run', sandbox: WORKSPACE, wasAsked: false });
  await using terminals = startTerminals({ guard, sandbox: pretendedSandbox().sandbox });
  const result = await terminals.exec({ cmd: 'echo Permission denied; exit 1' });
  expect([result.exitCode, result.output]).toEqual([1, 'Permission denied\n\nnot again']);
  expect(terminals.ends()).toMatchObject([{ exit_code: 1, status: 'failed' }]);
  expect(sandboxFacts(terminals)).toEqual([
    {
      type: 'sandbox_outcome',
      turnId: 'turn-1',
      callId: 'call-1',
      tool: 'exec_command',
      outcome: 'denied',
      initialDurationMs: anyNumber,
    },
  ]);
});

test('a command that failed by itself asks nobody', async () => {
  const { guard, asked } = guardThat({ kind: 'run', sandbox: WORKSPACE, wasAsked: false }, RUN);
  await using terminals = startTerminals({ guard, sandbox: pretendedSandbox().sandbox });
  await terminals.exec({ cmd: 'echo wrong; exit 1' });
  await terminals.exec({ cmd: 'echo Permission denied; exit 0' });
  const free = guardThat(RUN, RUN);
  await using unconfined = startTerminals({ guard: free.guard, sandbox: pretendedSandbox().sandbox });
  await unconfined.exec({ cmd: 'echo Permission denied; exit 1' });
  expect([...asked, ...free.asked].filter((question) => question.startsWith('without'))).toEqual([]);
  // A sandbox that was not in the way is not worth a word.
  expect([...sandboxFacts(terminals), ...sandboxFacts(unconfined)]).toEqual([]);
});

test('an interrupt while somebody is asked starts nothing', async () => {
  const turn = new AbortController();
  const { promise: answer, resolve } = Promise.withResolvers<typeof RUN>();
  const { guard } = guardThat(RUN);
  await using terminals = startTerminals({ guard: { ...guard, permitCommand: () => answer } });
  const call = terminals.exec({ cmd: 'echo ran' }, turn.signal);
  turn.abort(new Error('interrupted'));
  resolve(RUN);
  await expect(call).rejects.toThrow('interrupted');
  expect(terminals.events).toEqual([]);
  expect(terminals.manager.list()).toEqual([]);
});

test('the sandbox of this machine holds a command, which runs without it once that is permitted', async () => {
  const sandbox = createSandbox({ searchPath: undefined, cwd: '/', userDirectory: '/root' });
  const trial = await sandbox.wrap({ argv: ['true'], cwd: '/', env: {} }, { type: 'read-only' }, '/');
  const isIsolating = trial.kind === 'ready';
  process.stderr.write(`sandbox of this machine: ${isIsolating ? trial.mechanism : trial.message}\n`);
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'stethos-policy-')));
  const outside = join(base, 'outside');
  try {
    const cwd = realpathSync(mkdtempSync(join(base, 'work-')));
    const { guard, asked } = guardThat({ kind: 'run', sandbox: WORKSPACE, wasAsked: false }, RUN);
    await using terminals = startTerminals({ guard, sandbox, cwd });
    const run = await terminals
      .exec({ cmd: `echo in > inside && echo out > ${outside}` })
      .catch((error: unknown) => error as ToolFailure);
    // Without isolation the same call has to be refused, and nothing written.
    expect(run instanceof ToolFailure).toBe(!isIsolating);
    expect(existsSync(outside) && readFileSync(outside, 'utf8')).toBe(isIsolating && 'out\n');
    expect(asked.length).toBe(isIsolating ? 2 : 1);
    expect(sandboxFacts(terminals)).toMatchObject(isIsolating ? [{ outcome: 'escalated' }] : []);
  } finally {
    rmSync(base, { recursive: true });
  }
});

test.each([{ tty: false }, { tty: true }])(
  'in the sandbox of this machine Ctrl-C reaches the program alone, and the clean-up everything: %j',
  async ({ tty }) => {
    const sandbox = createSandbox({ searchPath: undefined, cwd: '/', userDirectory: '/root' });
    const trial = await sandbox.wrap({ argv: ['true'], cwd: '/', env: {} }, { type: 'read-only' }, '/');
    // Where nothing isolates, the same holds without.
    const policy: SandboxPolicy = trial.kind === 'ready' ? { type: 'read-only' } : FULL_ACCESS;
    const { guard } = guardThat({ kind: 'run', sandbox: policy, wasAsked: false });
    await using terminals = startTerminals({ guard, sandbox });
    const { session } = await terminals.exec({
      cmd: 'trap "echo caught" INT; echo ready; while :; do sleep 0.1; done',
      tty,
      yield_time_ms: 250,
    });
    await terminals.until(() => terminals.deltas.length > 0);
    const answer = await terminals.write({ session_id: session, chars: '\u0003', yield_time_ms: 1_000 });
    expect(answer.output).toContain('caught');
    expect(answer.text).toContain('Process running');
    await terminals.manager.cleanAll();
    expect(terminals.ends()).toHaveLength(1);
  },
);

test('shell_command waits to the end, ends what takes too long, and tells the older form', async () => {
  await using terminals = startTerminals();
  const done = await terminals.shellCommand({ command: 'echo hi; exit 2' });
  expect(done.text).toMatch(/^Exit code: 2\nWall time: \d+\.\d seconds\nOutput:\nhi\n$/);
  expect(done.success).toBe(false);
  const late = await terminals.shellCommand({ command: 'echo $$; sleep 300', timeout_ms: 400 });
  expect(late.text).toMatch(/^Exit code: 124\n[^]*The command was ended after 400 milliseconds\.\n\d+\n$/);
  expect(isRunning(Number(/^(\d+)$/m.exec(late.output)?.[1]))).toBe(false);
  expect(terminals.ends()).toMatchObject([{ source: 'agent', exit_code: 2 }, { source: 'agent' }]);
  expect(terminals.ends()[0]).not.toHaveProperty('process_id');
});

test('an interrupt ends a shell_command, which nobody could come back to', async () => {
  await using terminals = startTerminals();
  const turn = new AbortController();
  const call = terminals.shellCommand({ command: 'echo $$; sleep 300', timeout_ms: 60_000 }, turn.signal);
  await terminals.until(() => terminals.deltas.length > 0);
  turn.abort(new Error('interrupted'));
  await expect(call).rejects.toThrow('interrupted');
  expect(isRunning(Number(terminals.deltas[0]?.toString()))).toBe(false);
  expect(terminals.ends()).toHaveLength(1);
});

test('the model is shown the newer tools, and the older one alone where that is asked for', async () => {
  await using newer = startTerminals();
  await using older = startTerminals({ form: 'legacy' });
  const shown = ({ tools }: typeof newer) => tools.filter(({ spec }) => spec).map(({ name }) => name);
  expect(shown(newer)).toEqual(['exec_command', 'write_stdin']);
  expect(shown(older)).toEqual(['shell_command']);
  expect(newer.tools.map(({ name, parallel }) => [name, parallel])).toEqual([
    ['exec_command', true],
    ['write_stdin', false],
    ['shell_command', true],
  ]);
});

test('what the user runs himself asks nobody and becomes a record', async () => {
  const { guard, asked } = guardThat({ kind: 'refused', message: 'no' });
  await using terminals = startTerminals({ guard });
  const { signal } = new AbortController();
  const outcome = await terminals.runUserShellCommand('echo mine; exit 4', {
    callId: 'user-1',
    context: terminals.context(signal),
  });
  expect(outcome).toMatchObject({ exitCode: 4, isAborted: false });
  expect(outcome.record).toMatch(
    /^<user_shell_command>\n<command>\necho mine; exit 4\n<\/command>\n<result>\nExit code: 4\nDuration: \d+\.\d{4} seconds\nOutput:\nmine\n\n<\/result>\n<\/user_shell_command>$/,
  );
  expect(asked).toEqual([]);
  expect(terminals.events).toMatchObject([
    { type: 'exec_command_begin', call_id: 'user-1', source: 'user_shell' },
    { type: 'exec_command_end', source: 'user_shell', exit_code: 4 },
  ]);
});

test('an interrupt ends what the user runs, and the record has what it printed', async () => {
  await using terminals = startTerminals();
  const turn = new AbortController();
  const run = terminals.runUserShellCommand('echo $$; sleep 300', {
    callId: 'user-1',
    context: terminals.context(turn.signal),
  });
  await terminals.until(() => terminals.deltas.length > 0);
  turn.abort();
  const outcome = await run;
  const pid = Number(terminals.deltas[0]?.toString());
  expect(outcome).toMatchObject({ isAborted: true, exitCode: 143 });
  expect(outcome.record).toContain(`Output:\n${pid}\n`);
  expect(isRunning(pid)).toBe(false);
});
