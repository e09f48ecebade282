import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { everyForm, providerFrom, revealed } from '../../../fixtures/model-provider.ts';
import { plantProgram } from '../../../fixtures/programs.ts';
import type { ModelProvider } from '../provider/provider.ts';
import { Secret } from '../../redact/secret.ts';
import type { TokenCommandOutcome } from '../../target/request/token-command.ts';
import { createCommandToken } from './command-token.ts';

const INTERVAL_MS = 1000;

/** Prints `token-1`, `token-2`, …; each run ends when it is told to. */
function counting(): {
  readonly run: () => Promise<TokenCommandOutcome>;
  readonly runs: () => number;
} {
  let runs = 0;
  return {
    run: async () => {
      runs += 1;
      const token = new Secret(`token-${runs}`);
      await Promise.resolve();
      return { kind: 'printed', token };
    },
    runs: () => runs,
  };
}

describe('how long a printed token is kept', () => {
  test.each<[string, number, number, string]>([
    ['as long as it is young', INTERVAL_MS, INTERVAL_MS - 1, 'token-1'],
    ['not longer than the interval', INTERVAL_MS, INTERVAL_MS, 'token-2'],
    ['for ever with an interval of 0', 0, 1e9, 'token-1'],
  ])('%s', async (_name, refreshIntervalMs, laterMs, expected) => {
    let nowMs = 0;
    const clock = { now: () => 0, elapsed: () => nowMs };
    const command = createCommandToken({ ...counting(), refreshIntervalMs, clock });
    await command.token();
    nowMs = laterMs;
    expect((await command.token())?.reveal()).toBe(expected);
  });

  test('whoever asks meanwhile waits for the same run, and a renewal runs it whatever its age', async () => {
    const { run, runs } = counting();
    const clock = { now: () => 0, elapsed: () => 0 };
    const command = createCommandToken({ run, refreshIntervalMs: INTERVAL_MS, clock });
    const all = await Promise.all([command.token(), command.token(), command.renew(), command.token()]);
    expect(runs()).toBe(1);
    expect(all.map((token) => token?.reveal())).toEqual(['token-1', 'token-1', undefined, 'token-1']);
    await command.renew();
    expect((await command.token())?.reveal()).toBe('token-2');
  });
});

/** The program lies in the working folder: the agent runs it, as no project's own file can name it. */
function providerWith(
  script: string,
  more = '',
): { readonly home: string; readonly provider: ModelProvider } {
  const home = temporaryHome({ '.git/HEAD': '' });
  const program = plantProgram(join(home, 'bin/get-token'), script);
  writeFileSync(
    join(home, 'config.toml'),
    `model_provider = "own"
    [model_providers.own]
    name = "Own"
    base_url = "http://own.test/v1"
    [model_providers.own.auth]
    command = ${JSON.stringify(program)}
    ${more}`,
  );
  return { home, provider: providerFrom({ home, env: { COUNT: join(home, 'count') } }) };
}

describe.runIf(process.platform !== 'win32')('a provider whose token a command prints', () => {
  test('sends it, and prints it anew after a 401', async () => {
    const { home, provider } = providerWith('echo x >> "$COUNT"; echo token-$(wc -l < "$COUNT" | tr -d " ")');
    const sent = async (): Promise<object> => revealed((await provider.resolve()).auth.headers);
    expect(await sent()).toEqual({ authorization: 'Bearer token-1' });
    expect(await sent()).toEqual({ authorization: 'Bearer token-1' });
    const recovery = provider.recovery();
    expect(recovery).toMatchObject({ mode: 'external', phase: 'external_refresh' });
    expect(await recovery.next()).toEqual({ outcome: 'recovery_succeeded', authStateChanged: true });
    expect(await sent()).toEqual({ authorization: 'Bearer token-2' });
    expect(await recovery.next()).toEqual({ outcome: 'recovery_not_run', reason: 'recovery_exhausted' });
    expect(readFileSync(join(home, 'count'), 'utf8')).toBe('x\nx\n');
  });

  test.each([
    ['a failure', 'echo hush; echo hush >&2; exit 3', '', 'exit code 3'],
    ['silence', 'exit 0', '', 'printed nothing'],
    ['no end', 'sleep 30', 'timeout_ms = 50', '50 ms'],
    ['two lines', 'echo hush; echo hush', '', 'no HTTP header'],
  ])('%s sends the request without a credential, and a 401 may be tried again (trap 33)', async (...row) => {
    const [, script, more, problem] = row;
    const { provider } = providerWith(script, more);
    const { auth } = await provider.resolve();
    expect(auth).toEqual({ mode: undefined, usesChatgptBackend: false, headers: {} });
    const step = await provider.recovery().next();
    expect(step).toMatchObject({
      outcome: 'recovery_failed_transient',
      error: { failure: { kind: 'input_output' } },
    });
    expect(everyForm(step)).toContain(problem);
    expect(everyForm(step)).not.toContain('hush');
  });
});
