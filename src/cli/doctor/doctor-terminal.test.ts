import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { talkAtTerminal } from '../../../fixtures/terminal-talk.ts';

/* `stethos doctor` for somebody who sits at a terminal. */

const CONTROL_C = '\u0003';
/** Of the last line. */
const END_OF_PAGE = '--explain ID';
const doctor = ['doctor', '--offline', '--no-exec', '--only', 'runtime.node'];

test('--watch draws run after run in place, until Ctrl-C', async () => {
  const user = temporaryHome();
  const { text, exitCode } = await talkAtTerminal([...doctor, '--watch', '--every', '1s'], {
    cwd: user,
    env: { HOME: user },
    answers: [
      ['run 1', ''],
      [END_OF_PAGE, ''],
      ['run 2', ''],
      [END_OF_PAGE, CONTROL_C],
    ],
  });
  expect(exitCode).toBe(130);
  expect(text.split('Verdict: ok').length - 1).toBeGreaterThanOrEqual(4);
  expect(text).not.toContain('    at ');
});

test('where the terminal follows links, a check leads to its page', async () => {
  const user = temporaryHome();
  const show = (env: Readonly<Record<string, string>>) =>
    talkAtTerminal(doctor, { cwd: user, env: { HOME: user, ...env }, answers: [] });
  const linked = await show({ FORCE_HYPERLINK: '1' });
  const links = linked.text.split('\u001B]8;').slice(1);
  expect(links.some((link) => /^[^;]*;file:\S+\/docs\/checks\/runtime\.node\.md/.test(link))).toBe(true);
  expect((await show({ FORCE_HYPERLINK: '0' })).text).not.toContain('\u001B]8;');
});
