import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { shellPath } from '../../../src/host/shell-path.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { CredentialFile } from '../../../src/target/credentials/facts.ts';
import type { CredentialEvidence } from './evidence.ts';

/** What is wrong with the credential file itself; at most one thing. */
export function fileIssue({ credentials, loginCommand, agent }: CredentialEvidence): VerdictIssue[] {
  const { file, path, effective } = credentials;
  const fault = faultOf(file, path, loginCommand);
  if (!fault) return [];
  // Another credential may be in effect; a file that blocks whoever opens it stops the agent all the same.
  const blocks = file.kind === 'wrong_type' && file.type === 'fifo';
  const issue = effective.kind === 'none' || blocks ? fail : warn;
  return [
    issue({
      expected: 'a readable file with a complete login',
      fields: ['auth file'],
      ...fault,
      ...(blocks && { cause: `${fault.cause}, so ${agent} waits for ever when it starts` }),
    }),
  ];
}

interface Fault {
  readonly class: FailureClass;
  readonly cause: string;
  readonly measured: string;
  readonly remedy: string;
  readonly command?: string;
  readonly fields?: readonly string[];
  readonly failure?: { readonly code: string };
}

function faultOf(file: CredentialFile, path: string, loginCommand: string): Fault | undefined {
  const again = `Move ${path} aside and run ${loginCommand}.`;
  switch (file.kind) {
    case 'missing':
      return undefined;
    case 'stored': {
      const { missing, mode } = file.credential;
      if (missing.length === 0) return undefined;
      return {
        class: 'incomplete',
        cause: `The stored login is incomplete: it has no ${missing.join(', no ')}`,
        measured: `${mode} without ${missing.join(', ')}`,
        remedy: `Run ${loginCommand} again.`,
        fields: ['stored auth issue', 'stored auth mode'],
      };
    }
    case 'malformed': {
      const place = file.line === undefined ? '' : ` (line ${file.line}, column ${file.column})`;
      return {
        class: 'malformed',
        cause: `The credential file cannot be read as one: ${file.problem}${place}`,
        measured: `${file.problem}${place}`,
        remedy: again,
      };
    }
    case 'not_utf8':
      return {
        class: 'malformed',
        cause: 'The credential file is not UTF-8 text',
        measured: 'bytes that are not UTF-8',
        remedy: again,
      };
    case 'too_large':
      return {
        class: 'malformed',
        cause: 'The credential file is far too large to be one',
        measured: 'more than 1 MiB',
        remedy: again,
      };
    case 'dangling':
      return {
        class: 'missing',
        cause: 'The credential file is a link to something that does not exist',
        measured: 'a dangling link',
        remedy: `Mount or restore what the link ${path} leads to, or remove the link and run ${loginCommand}.`,
      };
    case 'loop':
      return {
        class: 'wrong_type',
        cause: 'The credential file is a link that leads back to itself',
        measured: 'a loop of links',
        remedy: `Remove the link ${path} and run ${loginCommand}.`,
      };
    case 'wrong_type':
      return {
        class: 'wrong_type',
        cause: `In place of the credential file stands a ${file.type === 'fifo' ? 'FIFO' : file.type}`,
        measured: file.type,
        remedy: again,
      };
    case 'denied':
      return {
        class: 'permissions',
        cause: 'The credential file may not be read by this account',
        measured: file.code,
        remedy: `Give ${path} back to the account that runs the agent (a login made with sudo leaves such a file), or move it aside and run ${loginCommand}.`,
        command: `sudo chown "$(id -un)" ${shellPath(path)} && chmod 600 ${shellPath(path)}`,
        failure: { code: file.code },
      };
    case 'failed':
      return {
        class: 'unreadable',
        cause: `Reading the credential file failed with ${file.code}`,
        measured: file.code,
        remedy: `Check the disk or mount that holds ${path}, then run ${loginCommand} if the file is lost.`,
        failure: { code: file.code },
      };
  }
}
