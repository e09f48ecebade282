import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../../../host/files.ts';
import type { ExecPolicyAmendment } from '../policy.ts';
import { amendmentLine, canBeWritten } from './amendment.ts';
import { withFileLock } from './file-lock.ts';
import { AMENDED_FILE } from './load.ts';
import type { RuleSet } from './rule-set.ts';

/** The rules in force, shared by reference in a tree of agents: what one of them adds holds for all at once. */
export interface RuleStore {
  current(): RuleSet;
  /** Adds a rule to memory at once and to the home's `rules/default.rules` (trap 30). Never throws. */
  amend(amendment: ExecPolicyAmendment): Promise<AmendResult>;
}

export type AmendResult =
  | { readonly kind: 'written' }
  /** The file had the line already. */
  | { readonly kind: 'present' }
  /** The rule holds for this process only. */
  | { readonly kind: 'not_written'; readonly message: string };

/** Another process appends one line in that time; longer, and it hangs. */
const LOCK_TIMEOUT_MS = 5_000;
const PRIVATE_FOLDER = 0o700;

/** @param home the folder whose `rules/default.rules` takes the amendments */
export function createRuleStore({
  rules,
  home,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
}: {
  readonly rules: RuleSet;
  readonly home: string;
  readonly lockTimeoutMs?: number;
}): RuleStore {
  const path = join(home, AMENDED_FILE);
  let current = rules;
  // One after the other within the process; between processes the lock decides.
  let last: Promise<unknown> = Promise.resolve();
  return {
    current: () => current,
    amend: (amendment) => {
      if (amendment.prefix.length > 0)
        current = {
          ...current,
          prefixes: [
            ...current.prefixes,
            { pattern: amendment.prefix.map((word) => [word]), decision: 'allow' },
          ],
        };
      const written = last.then(() => append(path, amendment, lockTimeoutMs));
      last = written;
      return written;
    },
  };
}

async function append(path: string, amendment: ExecPolicyAmendment, timeoutMs: number): Promise<AmendResult> {
  if (!canBeWritten(amendment))
    return { kind: 'not_written', message: 'the rule has no words that can be written' };
  try {
    mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
    const lock = join(dirname(path), '.default.rules.lock');
    const done = await withFileLock(lock, { timeoutMs }, () => appendLine(path, amendmentLine(amendment)));
    return done?.value ?? { kind: 'not_written', message: `another process keeps ${path} locked` };
  } catch (error) {
    return { kind: 'not_written', message: `${path} cannot be written (${errorCode(error)})` };
  }
}

/** One write at the end of the file: the real agent may append at the same time, and knows nothing of our lock. */
function appendLine(path: string, line: string): AmendResult {
  const text = textOf(path);
  if (text.split(/\r?\n/).includes(line)) return { kind: 'present' };
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(path, `${separator}${line}\n`, { flush: true });
  return { kind: 'written' };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
