import { fail } from '../doctor/check.ts';
import type { VerdictIssue } from '../doctor/check.ts';
import type { FailureClass } from '../doctor/failure.ts';
import type { ProcessFault } from './plugin-process.ts';

/** Why a plugin, or a part of it, is not there, as an issue of its row. */
export function pluginIssue(name: string, { class: failureClass, message }: ProcessFault): VerdictIssue {
  return fail({
    class: failureClass,
    cause: `${name} ${message}`,
    measured: message,
    expected: 'a plugin of this contract, loaded',
    remedy: REMEDIES[failureClass] ?? USUAL_REMEDY,
    fields: ['plugin'],
    failure: { phase: 'process' },
  });
}

const USUAL_REMEDY = 'Tell the author of the plugin, and leave it out until then.';

const REMEDIES: Readonly<Partial<Record<FailureClass, string>>> = {
  missing:
    'Correct its path or name where it is loaded from; install a package, and what it needs, in the folder of the project.',
  malformed:
    'Mend its code. A package brings JavaScript: Node.js reads TypeScript in files outside of node_modules alone.',
  wrong_type: 'Export a plugin of definePlugin, or a check of defineCheck, as the default.',
  mismatch: 'Update the plugin, or this stethos, so that both have the same version of the contract.',
  invalid_value: 'Correct what the plugin says of itself there.',
  duplicate: 'Rename it in the plugin; ids and formats that exist keep their meaning.',
  timeout: 'Do no work while the plugin is imported: what takes time belongs into a probe.',
};
