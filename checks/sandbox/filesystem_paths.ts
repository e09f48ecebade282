import { conclude, defineCheck, idle, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { PathLook } from '../../src/host/files.ts';
import { policyOf } from '../../src/target/config/policy.ts';
import type { PolicyPath } from '../../src/target/config/policy.ts';

/** A policy that a person wrote names a few paths; a generated one must not keep the doctor looking. */
const MAX_PATHS = 256;

interface SeenPath extends PolicyPath {
  readonly look: PathLook;
}

export default defineCheck({
  id: 'sandbox.filesystem_paths',
  section: 'Configuration',
  category: 'sandbox',
  title: 'The paths that the sandbox policy names are there',
  budgetMs: 5_000,
  probe(context) {
    const { target, files, signal } = context;
    const { paths, source } = policyOf(target.config(), context);
    const looked: SeenPath[] = [];
    for (const path of paths.slice(0, MAX_PATHS)) {
      if (signal.aborted) break;
      looked.push({ ...path, look: files.look(path.path) });
    }
    return { source, total: paths.length, paths: looked };
  },
  judge({ source, total, paths }) {
    if (total === 0) return idle({ summary: 'no path is configured' });
    return conclude({
      summary: `${paths.length} of ${total} configured ${total === 1 ? 'path' : 'paths'} looked at`,
      details: {
        'sandbox source': source,
        'configured paths': total,
        'paths checked': paths.length,
        paths: paths.map(({ path, access, look }) => `${path} (${access}): ${stateOf(look)}`),
      },
      issues: [
        ...paths.flatMap((path) => issueOf(path) ?? []),
        ...(paths.length < total
          ? [
              warn({
                class: 'timeout',
                cause: `Only ${paths.length} of ${total} configured paths were looked at`,
                measured: String(paths.length),
                expected: String(total),
                remedy: 'Name fewer paths: one folder above many of them does the same.',
                fields: ['paths checked'],
              }),
            ]
          : []),
      ],
    });
  },
});

/** A path that is merely absent is no fault: a policy may be written for several machines. */
function issueOf({ path, access, key, look }: SeenPath): VerdictIssue | undefined {
  const field = { fields: ['paths'], expected: 'a file or folder that can be reached' };
  switch (look.kind) {
    case 'found':
      return look.type === 'directory' || look.type === 'file' || access !== 'write'
        ? undefined
        : warn({
            ...field,
            class: 'wrong_type',
            cause: `A ${look.type} stands at ${path}, which \`${key}\` makes writable`,
            measured: `a ${look.type}`,
            remedy: `Correct the path in \`${key}\`.`,
          });
    case 'missing':
      return undefined;
    case 'dangling':
    case 'loop':
      return warn({
        ...field,
        class: 'missing',
        cause: `${path}, named by \`${key}\`, is a link that leads ${look.kind === 'loop' ? 'back to itself' : 'nowhere'}`,
        measured: stateOf(look),
        remedy: `Repair the link, or correct the path in \`${key}\`.`,
      });
    case 'denied':
      return warn({
        ...field,
        class: 'permissions',
        cause: `${path}, named by \`${key}\`, may not be looked at`,
        measured: look.code,
        remedy: 'Let your user enter the folders above it, or remove the path.',
      });
    case 'failed':
      return warn({
        ...field,
        class: 'unreadable',
        cause: `${path}, named by \`${key}\`, cannot be looked at`,
        measured: look.code,
        remedy: 'Check the file system that it lies on.',
      });
  }
}

function stateOf(look: PathLook): string {
  switch (look.kind) {
    case 'found':
      return look.type;
    case 'missing':
      return 'missing (may be intentional)';
    case 'dangling':
      return 'a dangling link';
    case 'loop':
      return 'a link loop';
    case 'denied':
      return 'access denied';
    case 'failed':
      return look.code;
  }
}
