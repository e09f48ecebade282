import { conclude, fail, idle, skip } from '../../../src/doctor/check.ts';
import type { Verdict } from '../../../src/doctor/check.ts';
import type { LiveEvidence } from './evidence.ts';

/** No credential was sent, so nobody can have judged one: says why, and how to find out all the same. */
export function verdictWithoutCredential(seen: LiveEvidence): Verdict {
  const { credential, agent, loginCommand } = seen;
  if (credential.kind === 'attached') throw new TypeError('a credential was sent');
  const { mode, source, reason, problem } = credential;
  const details = { 'auth mode': mode, 'credential source': source, 'not sent because': reason };
  switch (reason) {
    case 'none':
      return idle({ summary: 'no credential is set up that could be refused', details });
    case 'not_needed':
      return idle({ summary: 'the provider wants no credential', details });
    case 'incomplete':
      return skip({
        because: 'auth.credentials',
        summary: 'not asked: the credential is incomplete',
        details,
      });
    case 'unknown_provider':
      return skip({ because: 'config.load', summary: 'not asked: the provider is unknown', details });
    case 'expired':
      return idle({
        summary: `not asked: the access token has expired, and ${agent} renews it by itself`,
        details: {
          ...details,
          'refresh token': seen.hasRefreshToken,
          'what a refresh needs':
            seen.refreshUrl && `the refresh token, sent by ${agent} to ${seen.refreshUrl}`,
        },
      });
    case 'keyring':
      return idle({
        summary: 'not asked: the login is in the keyring of the operating system, which is not opened',
        details: {
          ...details,
          'to find out': `${loginCommand} status tells whether it is there; with cli_auth_credentials_store = "file" and a new login it would be asked about`,
        },
      });
    case 'command':
      return idle({
        summary: 'not asked: the command that prints the token is run with --deep only',
        details,
      });
    case 'signing':
      return idle({ summary: 'not asked: every request is signed on its own (AWS)', details });
    case 'agent_identity':
      return idle({ summary: `not asked: ${agent} would have to register a task first`, details });
    case 'command_failed':
      return conclude({
        summary: '',
        details,
        issues: [
          fail({
            class: 'exit',
            failure: { phase: 'process' },
            cause: 'The command that should print the token gave none',
            measured: problem ?? 'no token',
            expected: 'a token on the standard output, and exit code 0',
            remedy: `Run the command of ${source ?? 'the provider'} yourself and see what it says; ${agent} sends requests without a credential until then.`,
            fields: ['credential source'],
          }),
        ],
      });
    case 'illegal_value':
      return conclude({
        summary: '',
        details,
        issues: [
          fail({
            class: 'invalid_value',
            failure: { phase: 'credential' },
            cause: 'The credential holds characters that no header may have',
            measured: 'a line break or another control character, or letters beyond Latin-1',
            expected: 'printable characters only',
            remedy: source?.endsWith('.auth')
              ? `Let the command of ${source} print the token alone, without a greeting before it or a log line behind it.`
              : `Write the value in ${source ?? 'the configuration'} anew, without line breaks or quotes copied along.`,
            fields: ['credential source'],
          }),
        ],
      });
  }
}
