import { fail } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';

const FOLDER_STATES: Readonly<Record<string, string>> = {
  denied: 'access denied',
  wrong_type: 'something else than a folder',
  dangling: 'a link that leads nowhere',
  loop: 'a link that leads back to itself',
  failed: 'no answer from the disk',
};

/** The folder itself keeps every database from being seen; one issue instead of one per database. */
export function folderIssue({
  listing,
  sqliteHome,
  agent,
}: {
  readonly listing: string;
  readonly sqliteHome: string;
  readonly agent: string;
}): VerdictIssue | undefined {
  const issue = (failureClass: FailureClass, cause: string, remedy: string): VerdictIssue =>
    fail({
      class: failureClass,
      cause,
      measured: FOLDER_STATES[listing] ?? listing,
      expected: 'a folder that can be listed',
      remedy,
      fields: ['sqlite home'],
    });
  if (listing === 'denied')
    return issue(
      'permissions',
      `the folder of the databases may not be read: ${sqliteHome}`,
      `Give the user who runs ${agent} access to ${sqliteHome} (chmod u+rwx, or chown if somebody else owns it).`,
    );
  if (listing === 'wrong_type' || listing === 'dangling' || listing === 'loop')
    return issue(
      'wrong_type',
      `${sqliteHome} should be the folder of the databases and is not`,
      `Move away what stands at ${sqliteHome}, or point the SQLite home elsewhere.`,
    );
  if (listing === 'failed')
    return issue(
      'unreadable',
      `the folder of the databases cannot be read: ${sqliteHome}`,
      `Check the disk or mount that holds ${sqliteHome}.`,
    );
  return undefined;
}
