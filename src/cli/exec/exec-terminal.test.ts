import { spawn } from '@lydell/node-pty';
import { afterAll, expect, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { answer, commandCall, makeExecLab } from '../../../fixtures/exec.ts';
import type { ExecPlace } from '../../../fixtures/exec.ts';
import { WARM_START } from '../../../fixtures/run.ts';

/* `stethos exec` for somebody who watches at a terminal. */

const launcher = await builtLauncher();
const lab = makeExecLab();
afterAll(lab.remove);

/** Runs at a terminal of its own, and gives what that was sent. */
function atTerminal(
  place: ExecPlace,
  args: readonly string[],
  {
    env = {},
    onText,
  }: { env?: Record<string, string>; onText?: (text: string, type: (keys: string) => void) => void } = {},
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const { promise, resolve } = Promise.withResolvers<{ text: string; exitCode: number }>();
  const terminal = spawn(process.execPath, [launcher, 'exec', ...args], {
    cwd: place.project,
    env: { ...WARM_START, ...place.env, TERM: 'xterm-256color', ...env },
    cols: 100,
    rows: 30,
  });
  let text = '';
  terminal.onData((data) => {
    text += data;
    onText?.(text, (keys) => terminal.write(keys));
  });
  terminal.onExit(({ exitCode }) => resolve({ text, exitCode }));
  return promise;
}

test('the view is coloured, and a message cannot steer the terminal', async () => {
  const place = lab.place();
  const { text, exitCode } = await atTerminal(place, [
    ...place.scripted([commandCall('echo hi'), answer('do\u001B]0;x\u0007ne')]),
    'go',
  ]);
  expect(exitCode).toBe(0);
  expect(text).toContain('\u001B[33m$\u001B[39m ');
  expect(text).toContain(String.raw`do\u001b]0;x\u0007ne`);
  expect(text).not.toContain('\u0007');
});

test('NO_COLOR takes the colours away', async () => {
  const place = lab.place();
  const { text } = await atTerminal(place, [...place.scripted([answer('done')]), 'go'], {
    env: { NO_COLOR: '1' },
  });
  expect(text).toContain('done\r\n');
  expect(text).not.toContain('\u001B[');
});

test('a prompt is asked for, not waited for', async () => {
  const place = lab.place();
  const { text, exitCode } = await atTerminal(place, place.scripted([answer('done')]));
  expect(exitCode).toBe(1);
  expect(text).toContain('There is no prompt.');
});

test('Ctrl-C on the keyboard interrupts the turn', async () => {
  const place = lab.place();
  let isTyped = false;
  const { text, exitCode } = await atTerminal(place, [...place.scripted([commandCall('sleep 1000')]), 'go'], {
    onText: (seen, type) => {
      if (isTyped || !seen.includes('sleep 1000')) return;
      isTyped = true;
      type('\u0003');
    },
  });
  expect(exitCode).toBe(1);
  expect(text).toContain('the turn was interrupted');
});
