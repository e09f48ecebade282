import type { ProcessRun } from '../../../src/host/process.ts';

/** Builds the smallest sandbox of the agent's kind and runs nothing in it: everything read-only, no network. */
export const TRIAL_ARGUMENTS = [
  '--unshare-user',
  '--unshare-pid',
  '--unshare-net',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
  '--',
  '/bin/true',
] as const;

export type Trial =
  | { readonly kind: 'works' }
  /** The kernel or a policy said no to one of the sandbox's parts. */
  | { readonly kind: 'denied'; readonly primitive: string; readonly exitCode: number }
  | { readonly kind: 'timeout' }
  /** It could not be tried; that says nothing about the sandbox. */
  | { readonly kind: 'not_tried'; readonly reason: string };

/** Words of bubblewrap's complaint, with the part of the sandbox that was denied. First match counts. */
const PRIMITIVES: readonly (readonly [RegExp, string])[] = [
  [/uid map|gid map|setgroups/i, 'the identity map of a user namespace'],
  [/RTM_NEWADDR|RTM_NEWLINK|loopback/i, 'a network namespace with its loopback device'],
  [/namespace|unshare|clone/i, 'a new user namespace'],
  [/proc/i, 'a /proc of its own'],
  [/mount|pivot|bind/i, 'mounts inside the namespace'],
  [/seccomp|prctl/i, 'a seccomp filter'],
];

export function trialOf(run: ProcessRun): Trial {
  switch (run.kind) {
    case 'exited':
      return run.exitCode === 0
        ? { kind: 'works' }
        : {
            kind: 'denied',
            primitive:
              PRIMITIVES.find(([word]) => word.test(run.stderr))?.[1] ?? 'an unknown part of the sandbox',
            exitCode: run.exitCode,
          };
    case 'timeout':
      return { kind: 'timeout' };
    case 'disabled':
      return { kind: 'not_tried', reason: 'nothing is executed in this run' };
    case 'untrusted':
      return { kind: 'not_tried', reason: run.reason };
    case 'not_found':
      return { kind: 'not_tried', reason: 'bubblewrap was not found' };
    case 'spawn_failed':
      return { kind: 'not_tried', reason: `it could not be started (${run.code})` };
    case 'noise':
      return { kind: 'not_tried', reason: 'it printed more than it should' };
    case 'signalled':
      return { kind: 'not_tried', reason: `it was ended by ${run.signal}` };
  }
}
