import { basename } from 'node:path';
import type { ExecPolicyAmendment } from '../policy.ts';

/** Run code that they are given: the program alone, or with options only, allows everything. */
const INTERPRETERS =
  /^(?:(?:ba|da|z|k|fi|c|tc)?sh|pwsh|powershell|pythonw?[\d.]*|pyw?|pypy[\d.]*|node|nodejs|deno|bun|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|[gmn]?awk|osascript|git|npx|bunx|uvx|docker|podman)(?:\.exe)?$/;
/** Run another program, and which of their words is its name cannot be told. */
const LAUNCHERS: ReadonlySet<string> = new Set(
  (
    'sudo doas su env xargs nohup nice ionice time timeout command exec eval ssh busybox setsid stdbuf chroot unshare ' +
    'nsenter flock watch parallel strace systemd-run'
  ).split(' '),
);

/** Whether a prefix would allow far more than anybody means by it (spec/agent-core.md 3.2). Such a rule is not offered. */
export function isOverBroad(prefix: readonly string[]): boolean {
  const [program = '', ...rest] = prefix;
  const name = basename(program);
  if (name === '' || LAUNCHERS.has(name)) return true;
  // `git -c x=y` still allows every subcommand.
  const meant = name === 'git' ? rest.slice(0, 1) : rest;
  return INTERPRETERS.test(name) && meant.every((word) => word.startsWith('-'));
}

/** The line of a rules file that allows commands with this prefix, as the real agent writes it. */
export const amendmentLine = ({ prefix }: ExecPolicyAmendment): string =>
  `prefix_rule(pattern=[${prefix.map((word) => JSON.stringify(word)).join(', ')}], decision="allow")`;

/** Whether the words can be written into a rules file at all. */
export const canBeWritten = ({ prefix }: ExecPolicyAmendment): boolean =>
  prefix.length > 0 && prefix.every((word) => word.isWellFormed());
