import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { visibleInOneLine } from '../../../src/redact/control.ts';
import type { NetworkEvidence } from './evidence.ts';

/** What of a name is shown: a whole header pasted in place of its name may hold the credential. */
const MAX_NAME_LENGTH = 40;

/** Configured headers that the agent leaves out or stops at without a word. */
export function headerIssues({ illegalHeaders, agent }: NetworkEvidence): VerdictIssue[] {
  return illegalHeaders.map(({ name: written, part, source, effect }) => {
    const name = visibleInOneLine(written.slice(0, MAX_NAME_LENGTH));
    const problem =
      effect === 'dropped' ? `its ${part} holds what no header may have` : 'its value is not ASCII';
    return warn({
      class: 'invalid_value',
      cause:
        effect === 'dropped'
          ? `${agent} leaves the header ${name} out of its requests: ${problem}`
          : `The WebSocket client of ${agent} fails because of the header ${name}: ${problem}`,
      measured: problem,
      expected: part === 'name' ? 'letters, digits and hyphens' : 'visible ASCII characters on one line',
      remedy: `Correct ${name} in ${source}.`,
      fields: [],
    });
  });
}
