import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { NetworkEvidence } from './evidence.ts';

const CLASSES: Readonly<Record<string, FailureClass>> = {
  denied: 'permissions',
  failed: 'unreadable',
  dangling: 'missing',
};
const REMEDIES: Readonly<Record<string, string>> = {
  denied: 'Give this account the right to read it',
  failed: 'Check the disk or mount that holds it',
};
/** More numbers would not help to find the lines. */
const LINES_SHOWN = 5;

/** What the agent does not take from the `.env` file of its home. */
export function dotenvIssues({ dotenv, isHomeOutOfReach, agent }: NetworkEvidence): VerdictIssue[] {
  const { path, file } = dotenv;
  const expected = `variables that ${agent} takes over`;
  const fields = ['.env file'];
  if (file.kind === 'missing' || isHomeOutOfReach) return [];
  if (file.kind === 'unusable')
    return [
      warn({
        class: CLASSES[file.state] ?? 'wrong_type',
        cause: `The .env file of the home cannot be used, so its variables are not set`,
        measured: `${path} (${file.state})`,
        expected: 'a readable file, or none',
        remedy: `${REMEDIES[file.state] ?? 'Replace it by a file'}, or remove it: ${path}.`,
        fields,
      }),
    ];
  const issues: VerdictIssue[] = [];
  if (file.rejectedLines.length > 0) {
    const shown = file.rejectedLines.slice(0, LINES_SHOWN).join(', ');
    const lines = `line ${shown}${file.rejectedLines.length > LINES_SHOWN ? ' and more' : ''}`;
    issues.push(
      warn({
        class: 'malformed',
        cause: `${agent} skips what it cannot read in the .env file of the home: ${lines}`,
        measured: `${path}, ${lines}`,
        expected: 'NAME=value, with quotes around a value that holds spaces',
        remedy: `Correct ${lines} of ${path}.`,
        fields,
      }),
    );
  }
  if (file.truncated)
    issues.push(
      warn({
        class: 'malformed',
        cause: 'The .env file of the home is far too large to be one',
        measured: `${path}, more than 1 MiB`,
        expected,
        remedy: `Look at what was written to ${path}.`,
        fields,
      }),
    );
  if (file.reservedNames.length > 0) {
    const names = file.reservedNames.join(', ');
    issues.push(
      warn({
        class: 'unknown_key',
        cause: `${agent} ignores ${names} in the .env file of its home`,
        measured: `${names} in ${path}`,
        expected,
        remedy: `Set ${names} in the shell instead: names that begin with CODEX_ count only there.`,
        fields,
      }),
    );
  }
  return issues;
}
