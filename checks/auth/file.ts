import { conclude, defineCheck, idle, skip, warn } from '../../src/doctor/check.ts';
import type { Verdict, VerdictIssue } from '../../src/doctor/check.ts';
import type { PathLook } from '../../src/host/files.ts';
import { shellPath } from '../../src/host/shell-path.ts';

const GROUP_OR_OTHERS_READ = 0o044;
const GROUP_OR_OTHERS_WRITE = 0o022;
const OWNER_READ_WRITE = 0o600;

interface Evidence {
  readonly agent: string;
  readonly platform: string;
  readonly path: string;
  readonly look: PathLook;
  /** `auth.credentials` says that the file may not be read, and how to get it back. */
  readonly isDenied: boolean;
  /** Where a link leads. */
  readonly target: string | undefined;
  /** Who should own the file: this account or, when that is root, the owner of the home. */
  readonly expectedOwner: number | undefined;
}

export default defineCheck({
  id: 'auth.file',
  section: 'Configuration',
  category: 'auth',
  title: 'The credential file belongs to its user alone',
  budgetMs: 1_000,
  probe({ target, files, machine }): Evidence {
    const { path, file } = target.credentials();
    const look = files.look(path);
    const home = files.look(target.home.path);
    // Root reads every file, so what matters then is the account that the home belongs to, as in a mounted volume.
    const owner = machine.uid === 0 && home.kind === 'found' ? home.uid : machine.uid;
    return {
      agent: target.home.profile.name,
      platform: machine.platform,
      path,
      look,
      isDenied: file.kind === 'denied',
      target: look.kind === 'found' && look.isLink ? files.realpath(path) : undefined,
      expectedOwner: owner,
    };
  },
  judge(seen): Verdict {
    const { look, path, platform, isDenied } = seen;
    if (platform === 'win32')
      return skip({
        because: 'platform',
        summary: 'not looked at: permission bits mean nothing on Windows',
      });
    if (look.kind === 'missing')
      return idle({ summary: 'there is no credential file', details: { 'auth file': path } });
    if (look.kind !== 'found' || look.type !== 'file' || isDenied)
      return skip({
        because: 'auth.credentials',
        summary: 'not looked at: what stands there is no readable file',
        details: { 'auth file': path },
      });
    return conclude({
      summary: `private (mode ${octal(look.mode)})`,
      details: {
        'auth file': path,
        'auth file mode': octal(look.mode),
        'auth file owner': look.uid,
        'auth file link target': seen.target,
      },
      issues: [...modeIssues(seen, look.mode), ...ownerIssues(seen, look.uid)],
    });
  },
});

function modeIssues({ agent, path, target }: Evidence, mode: number): VerdictIssue[] {
  const exposed = [
    ...(mode & GROUP_OR_OTHERS_READ ? ['read'] : []),
    ...(mode & GROUP_OR_OTHERS_WRITE ? ['replaced'] : []),
  ];
  const cause =
    exposed.length > 0
      ? `The credential file can be ${exposed.join(' and ')} by other accounts`
      : (mode & OWNER_READ_WRITE) !== OWNER_READ_WRITE
        ? `The credential file is not writable for its owner, so ${agent} cannot keep a renewed login`
        : undefined;
  if (cause === undefined) return [];
  const file = target ?? path;
  return [
    warn({
      class: 'permissions',
      cause,
      measured: `mode ${octal(mode)}`,
      expected: 'mode 0600',
      remedy: `Give ${file} the mode 0600.`,
      command: `chmod 600 ${shellPath(file)}`,
      fields: ['auth file mode'],
    }),
  ];
}

function ownerIssues({ path, agent, expectedOwner }: Evidence, owner: number): VerdictIssue[] {
  if (expectedOwner === undefined || owner === expectedOwner) return [];
  return [
    warn({
      class: 'permissions',
      cause: `The credential file belongs to account ${owner}, not to the one that runs ${agent}`,
      measured: `owner ${owner}`,
      expected: `owner ${expectedOwner}`,
      remedy: `Give ${path} back to account ${expectedOwner}; a login made with sudo leaves such a file.`,
      command: `sudo chown ${expectedOwner} ${shellPath(path)}`,
      fields: ['auth file owner'],
    }),
  ];
}

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');
