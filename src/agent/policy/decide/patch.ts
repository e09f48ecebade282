import type { FileChange } from '../../protocol/turn-item.ts';
import type { ApprovalPolicy } from '../policy.ts';
import { isWritable } from '../writable.ts';
import type { WritableArea } from '../writable.ts';
import { askOr } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** What the policy says about a patch (spec/agent-core.md 2.3, "Safety"). */
export function decidePatch({
  changes,
  policy,
  area,
}: {
  readonly changes: readonly FileChange[];
  readonly policy: ApprovalPolicy;
  readonly area: WritableArea;
}): Verdict {
  if (changes.length === 0) return { kind: 'refuse', message: 'The patch changes nothing.' };
  if (policy === 'untrusted') return { kind: 'ask' };
  const outside = targetsOf(changes).find((path) => !isWritable(area, path));
  if (outside === undefined) return { kind: 'run', withoutSandbox: false };
  const why = `The patch writes to ${outside}, where the sandbox lets nothing be written`;
  return askOr(policy, 'sandbox', { ask: { reason: why }, why });
}

/** Every path that a patch writes or removes. */
export const targetsOf = (changes: readonly FileChange[]): string[] =>
  changes.flatMap(({ path, movedTo }) => (movedTo === undefined ? [path] : [path, movedTo]));
