import { formatDuration, readDuration } from '../../../host/duration.ts';
import type { PathFacts } from '../../../host/files.ts';
import { quoted } from '../issue.ts';
import type { Fault } from '../issue.ts';
import { isFoundIn } from '../pattern.ts';
import type { SpecOf } from '../vocabulary.ts';
import { modeText } from './file-seen.ts';
import type { SeenFile } from './file-seen.ts';

type Spec = SpecOf<'file'>;

/** Everything that is wrong with what stands at the path. */
export function faultsOfFile(spec: Spec, seen: SeenFile): Fault[] {
  const { path, exists } = spec;
  const { look } = seen;
  const isThere = look.kind === 'found' || look.kind === 'dangling' || look.kind === 'loop';
  if (!exists) {
    if (look.kind === 'missing') return [];
    if (isThere)
      return [
        {
          class: 'mismatch',
          cause: `${path} exists`,
          measured: look.kind === 'found' ? look.type : 'a link that leads nowhere',
          expected: 'nothing at that path',
          remedy: `Find out who made ${path}, then remove it.`,
          failure: { phase: 'file' },
        },
      ];
  }
  if (look.kind === 'found') return faultsOfFound(spec, seen, look);
  const isDenied = look.kind === 'denied' || look.kind === 'failed';
  return [
    {
      class: look.kind === 'denied' ? 'permissions' : look.kind === 'failed' ? 'unreadable' : 'missing',
      cause: isDenied ? `${path} cannot be looked at (${look.code})` : `${path} ${ABSENT[look.kind]}`,
      measured: isDenied ? look.code : ABSENT[look.kind],
      expected: exists ? `a ${spec.type ?? 'file'} at that path` : 'nothing at that path',
      remedy: isDenied
        ? `Give this account the right to enter the folders above ${path}.`
        : `Put ${path} there, or correct its path in the declaration.`,
    },
  ];
}

const ABSENT = {
  missing: 'does not exist',
  dangling: 'is a link whose target does not exist',
  loop: 'is a link that leads back to itself',
} as const;

function faultsOfFound(spec: Spec, seen: SeenFile, facts: PathFacts): Fault[] {
  const saysContent = (spec.contains ?? spec.matches ?? spec.sha256) !== undefined;
  const wanted = spec.type ?? (saysContent ? 'file' : undefined);
  if (wanted !== undefined && facts.type !== wanted)
    return [
      {
        class: 'wrong_type',
        cause: `${spec.path} is a ${facts.type}, not a ${wanted}`,
        measured: facts.type,
        expected: wanted,
        remedy: `Find out who made ${spec.path} so.`,
      },
    ];
  return [
    ...permissionFaults(spec, seen, facts),
    ...sizeFaults(spec, facts),
    ...ageFaults(spec, seen, facts),
    ...contentFaults(spec, seen),
    ...digestFaults(spec, seen),
  ];
}

/** Windows has neither permissions in octal digits nor user ids: nothing is judged there. */
function permissionFaults(spec: Spec, { userId }: SeenFile, { mode, uid }: PathFacts): Fault[] {
  if (userId === undefined) return [];
  const { path, owner } = spec;
  const exact = spec.mode === undefined ? undefined : Number.parseInt(spec.mode, 8);
  const most = spec.max_mode === undefined ? undefined : Number.parseInt(spec.max_mode, 8);
  const ownerId = owner === 'me' ? userId : owner === 'root' ? 0 : owner;
  const measured = modeText(mode);
  return [
    ...(exact !== undefined && mode !== exact
      ? [
          permissionFault(
            `the permissions of ${path} are ${measured}`,
            measured,
            modeText(exact),
            `chmod ${modeText(exact)} ${path}`,
          ),
        ]
      : []),
    ...(most !== undefined && (mode & ~most) !== 0
      ? [
          permissionFault(
            `${path} grants more than it should`,
            measured,
            `at most ${modeText(most)}`,
            `chmod ${modeText(mode & most)} ${path}`,
          ),
        ]
      : []),
    ...(ownerId !== undefined && uid !== ownerId
      ? [
          permissionFault(
            `${path} belongs to somebody else`,
            `user ${uid}`,
            `user ${ownerId}`,
            `Let ${owner} own ${path}.`,
          ),
        ]
      : []),
  ];
}

const permissionFault = (cause: string, measured: string, expected: string, remedy: string): Fault => ({
  class: 'permissions',
  cause,
  measured,
  expected,
  remedy,
});

function sizeFaults({ path, min_bytes: least, max_bytes: most }: Spec, { size }: PathFacts): Fault[] {
  const fault = (word: string, expected: string): Fault => ({
    class: 'mismatch',
    cause: `${path} is ${word} than it should be`,
    measured: `${size} bytes`,
    expected,
    remedy: `Find out what writes to ${path}.`,
    failure: { phase: 'file' },
  });
  return [
    ...(least !== undefined && size < least ? [fault('smaller', `at least ${least} bytes`)] : []),
    ...(most !== undefined && size > most ? [fault('larger', `at most ${most} bytes`)] : []),
  ];
}

function ageFaults({ path, max_age: most }: Spec, { nowMs }: SeenFile, { modifiedAtMs }: PathFacts): Fault[] {
  const limitMs = most === undefined ? undefined : readDuration(most);
  const ageMs = nowMs - modifiedAtMs;
  if (limitMs === undefined || ageMs <= limitMs) return [];
  return [
    {
      class: 'stale',
      cause: `${path} was last written ${formatDuration(ageMs)} ago`,
      measured: formatDuration(ageMs),
      expected: `at most ${formatDuration(limitMs)}`,
      remedy: `Find out why ${path} is no longer written.`,
      failure: { phase: 'file' },
    },
  ];
}

function contentFaults({ path, contains, matches }: Spec, { content }: SeenFile): Fault[] {
  if (content === undefined) return [];
  if (content.kind === 'unread') return [unread(path, content.why)];
  const { text, isCut } = content;
  const fault = (expected: string): Fault => ({
    class: 'mismatch',
    cause: `${path} does not hold what it should`,
    measured: isCut ? 'not in its beginning, and it is too large to be read further' : 'nothing of the kind',
    expected,
    remedy: `Correct ${path}.`,
    failure: { phase: 'file' },
  });
  return [
    ...(contains !== undefined && !text.includes(contains) ? [fault(`a text with ${quoted(contains)}`)] : []),
    ...(matches !== undefined && !isFoundIn(matches, text)
      ? [fault(`a text that matches ${quoted(matches)}`)]
      : []),
  ];
}

function digestFaults({ path, sha256 }: Spec, { digest }: SeenFile): Fault[] {
  if (digest === undefined || sha256 === undefined) return [];
  if (digest.kind === 'unread') return [unread(path, digest.why)];
  const isSame = digest.kind === 'sha256' && digest.hex === sha256.toLowerCase();
  if (isSame) return [];
  return [
    {
      class: 'mismatch',
      cause:
        digest.kind === 'sha256'
          ? `${path} has another content than it should`
          : `${path} is too large to be compared`,
      measured: digest.kind === 'sha256' ? `SHA-256 ${digest.hex}` : `more than ${digest.limitBytes} bytes`,
      expected: `SHA-256 ${sha256.toLowerCase()}`,
      remedy: `Find out who changed ${path}, or correct the declaration.`,
      failure: { phase: 'file' },
    },
  ];
}

const unread = (path: string, why: string): Fault => ({
  class: why === 'denied' ? 'permissions' : 'unreadable',
  cause: `${path} cannot be read`,
  measured: why.replaceAll('_', ' '),
  expected: 'a file that this account can read',
  remedy: `Give this account the right to read ${path}.`,
});
