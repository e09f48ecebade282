import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { shellPath } from '../../../src/host/shell-path.ts';
import type { DirectoryRead, PathLook, WriteAccess } from '../../../src/host/files.ts';
import { describe } from '../../../src/store/rollouts/walk.ts';
import type { TreeState } from '../../../src/store/rollouts/walk.ts';

interface HomeSeen {
  readonly agent: string;
  readonly variable: string;
  readonly path: string;
  readonly source: string;
  readonly home: PathLook;
  readonly listing: DirectoryRead['kind'];
  readonly write: WriteAccess;
}

/** What is wrong with the home itself; at most one issue, since everything else follows from it. */
export function homeIssues({
  agent,
  variable,
  path,
  source,
  home,
  listing,
  write,
}: HomeSeen): VerdictIssue[] {
  const named = source === 'default' ? path : `${path}, named by ${source},`;
  const pointElsewhere =
    source === 'default' ? '' : source === variable ? `, or unset ${variable}` : `, or correct ${source}`;
  const broken = (
    issue: Pick<Parameters<typeof fail>[0], 'class' | 'cause' | 'remedy' | 'command'> & {
      readonly measured?: string;
    },
  ): VerdictIssue[] => [
    fail({
      measured: kindOf(home),
      expected: 'a folder that this account may read and write',
      fields: [variable],
      ...issue,
    }),
  ];
  switch (home.kind) {
    case 'missing':
      return broken({
        class: 'missing',
        cause: `The home ${named} does not exist, and ${agent} does not start without it`,
        remedy: `Create the folder${pointElsewhere}.`,
      });
    case 'dangling':
      return broken({
        class: 'missing',
        cause: `The home ${named} is a link to something that does not exist`,
        remedy: `Mount or create what the link ${path} leads to, or replace the link${pointElsewhere}.`,
      });
    case 'loop':
      return broken({
        class: 'wrong_type',
        cause: `The home ${named} is a link that leads back to itself`,
        remedy: `Replace the link ${path} by a folder${pointElsewhere}.`,
      });
    case 'denied':
      return broken({
        class: 'permissions',
        cause: `The home ${named} cannot be looked at (${home.code})`,
        remedy: `Give this account access to ${path} and the folders above it${pointElsewhere}.`,
      });
    case 'failed':
      return broken({
        class: 'unreadable',
        cause: `The home ${named} cannot be looked at (${home.code})`,
        remedy: `Check the disk or mount that holds ${path}.`,
      });
    case 'found':
  }
  if (home.type !== 'directory')
    return broken({
      class: 'wrong_type',
      cause: `The home ${named} is a ${home.type}, not a folder`,
      remedy: `Move the ${home.type} ${path} aside${pointElsewhere}.`,
    });
  if (listing !== 'read')
    return broken({
      class: 'permissions',
      measured: 'access denied',
      cause: `The home ${named} cannot be listed or entered by this account`,
      remedy: `Run as the owner of ${path}, or give this account the right to read it.`,
    });
  if (write === 'denied' || write === 'read_only_file_system')
    return [
      fail({
        class: 'permissions',
        cause: `${agent} cannot write to its home ${path}`,
        measured: write === 'denied' ? 'write access denied' : 'read-only file system',
        expected: 'a folder that this account may read and write',
        remedy:
          write === 'denied'
            ? `Run as the owner of ${path}, or give this account the right to write to it.`
            : `Mount the file system that holds ${path} for writing${pointElsewhere}.`,
        fields: [variable],
        ...(write === 'read_only_file_system' && { failure: { code: 'EROFS' } }),
      }),
    ];
  return [];
}

export interface SessionFolder {
  readonly folder: string;
  readonly state: TreeState;
  readonly files: number;
  readonly bytes: number;
}

function sessionFolderIssue(
  { folder, state }: SessionFolder,
  { agent, path: home }: { readonly agent: string; readonly path: string },
): VerdictIssue[] {
  if (state.kind === 'read' || state.kind === 'missing') return [];
  const path = `${home}/${folder}`;
  const refused = state.kind === 'denied' || state.kind === 'failed';
  return [
    fail({
      class: state.kind === 'denied' ? 'permissions' : refused ? 'unreadable' : 'wrong_type',
      cause: `The session folder ${path} cannot be listed (${describe(state)}), so no session is found or saved`,
      measured: describe(state),
      expected: 'a folder that this account may read and write',
      remedy: refused
        ? `Check the owner and mode of ${path}, and the disk or mount that holds it.`
        : `Move what stands at ${path} aside, or mend the link; ${agent} creates a missing folder itself.`,
      fields: [`${folder} folder`],
      ...(refused && { failure: { code: state.code } }),
    }),
  ];
}

interface FoldersSeen {
  readonly agent: string;
  readonly path: string;
  /** The first folder in which session files are written today that is closed to this account. */
  readonly closedToWriting: string | undefined;
  readonly active: SessionFolder;
  readonly archived: SessionFolder;
  readonly logFolder: { readonly path: string; readonly look: PathLook };
  readonly sqlite: {
    readonly path: string;
    readonly source: string;
    readonly look: PathLook;
    readonly write: WriteAccess;
  };
}

/** What is wrong with the folders of a home that is sound itself. */
export function folderIssues({
  agent,
  path,
  logFolder,
  sqlite,
  active,
  archived,
  closedToWriting,
}: FoldersSeen): VerdictIssue[] {
  const issues = [active, archived].flatMap((folder) => sessionFolderIssue(folder, { agent, path }));
  if (closedToWriting !== undefined && issues.length === 0)
    issues.push(
      fail({
        class: 'permissions',
        cause: `${agent} cannot write session files to ${closedToWriting}, so conversations are not kept`,
        measured: `write access denied: ${closedToWriting}`,
        expected: 'a folder that this account may read and write',
        remedy:
          'Give this account the folder and what is below it; a run with sudo leaves folders of another owner.',
        command: `sudo chown -R "$(id -un)" ${shellPath(closedToWriting)} && chmod -R u+rwX ${shellPath(closedToWriting)}`,
        fields: ['session folder not writable'],
      }),
    );
  // A missing folder is created by the agent, and then the sessions so far stand in no index.
  if (sqlite.look.kind === 'missing' && sqlite.path !== path && active.files + archived.files > 0)
    issues.push(
      warn({
        class: 'missing',
        cause: `The folder for databases, ${sqlite.path} (${sqlite.source}), does not exist`,
        measured: 'missing',
        expected: 'the folder that holds the databases so far',
        remedy: `Correct ${sqlite.source}, or move the databases there; otherwise ${agent} begins with empty ones.`,
        fields: ['sqlite home'],
      }),
    );
  else if (sqlite.write === 'denied' || sqlite.write === 'read_only_file_system')
    issues.push(
      fail({
        class: 'permissions',
        cause: `${agent} cannot write to the folder of its databases, ${sqlite.path} (${sqlite.source})`,
        measured: sqlite.write === 'denied' ? 'write access denied' : 'read-only file system',
        expected: 'a folder that this account may write to',
        remedy: `Give this account the right to write to ${sqlite.path}, or correct ${sqlite.source}.`,
        fields: ['sqlite home'],
      }),
    );
  if (logFolder.look.kind !== 'missing' && !isDirectory(logFolder.look))
    issues.push(
      warn({
        class: 'wrong_type',
        cause: `The log folder ${logFolder.path} is not a folder, so no text log is written`,
        measured: kindOf(logFolder.look),
        expected: 'a folder, or nothing yet',
        remedy: `Move what stands at ${logFolder.path} aside, or set log_dir to a folder.`,
        fields: ['log dir'],
      }),
    );
  return issues;
}

const isDirectory = (look: PathLook): boolean => look.kind === 'found' && look.type === 'directory';

/** What stands at a path, in a word for the details. */
export function kindOf(look: PathLook): string {
  switch (look.kind) {
    case 'found':
      return look.type === 'directory' ? 'dir' : look.type;
    case 'dangling':
      return 'link to nothing';
    case 'loop':
      return 'looping link';
    case 'missing':
      return 'missing';
    case 'denied':
    case 'failed':
      return look.code;
  }
}
