import { expect, test } from 'vitest';
import { userAgentOf } from './user-agent.ts';

const agent = (
  environment: Record<string, string>,
  system = { name: 'Debian 12', type: 'Debian', version: '12' as string | undefined },
): string =>
  userAgentOf({
    originator: 'codex_cli_rs',
    version: '0.169.0',
    system,
    processor: 'x86_64',
    environment,
    asker: { name: 'stethos', version: '0.1.0' },
  });

test.each([
  [{ TERM: 'xterm-256color' }, 'xterm-256color'],
  [{ TERM: 'xterm', TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5' }, 'iTerm.app/3.5'],
  [{ TERM_PROGRAM: 'ghöstty' }, 'gh_stty'],
  [{ TERM: 'a\r\nX-Evil: 1' }, 'a__X-Evil: 1'],
  [{}, 'unknown'],
])('%j', (environment, terminal) =>
  expect(agent(environment)).toBe(`codex_cli_rs/0.169.0 (Debian 12; x86_64) ${terminal} (stethos; 0.1.0)`),
);

test('a system without a version', () =>
  expect(agent({ TERM: 'xterm' }, { name: 'Arch', type: 'Arch Linux', version: undefined })).toContain(
    '(Arch Linux; x86_64)',
  ));
