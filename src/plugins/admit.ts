import type { Manifest, OfferedCheck } from './manifest.ts';
import { CHECK_ID } from './manifest.ts';
import type { ProcessFault } from './plugin-process.ts';

/** What is taken from a plugin, and why the rest is not. */
export interface Admission {
  readonly checks: readonly OfferedCheck[];
  readonly reporters: Manifest['reporters'];
  readonly refused: readonly ProcessFault[];
}

/** Names that are taken already. What is admitted is added. */
export interface Taken {
  readonly ids: Set<string>;
  readonly formats: Set<string>;
}

/** Ids of this area are rows about plugins themselves. */
const OWN_AREA = 'plugin.';

/** Whoever comes first keeps a name; ours were there before. */
export function admit({ checks, reporters }: Manifest, taken: Taken): Admission {
  const refused: ProcessFault[] = [];
  return {
    checks: checks.filter((check) => isAdmitted(check.id, faultOfCheck(check, taken), taken.ids)),
    reporters: reporters.filter(({ name }) => isAdmitted(name, faultOfFormat(name, taken), taken.formats)),
    refused,
  };

  function isAdmitted(name: string, fault: ProcessFault | undefined, names: Set<string>): boolean {
    if (fault) refused.push(fault);
    else names.add(name);
    return fault === undefined;
  }
}

function faultOfCheck({ id, needs = [] }: OfferedCheck, { ids }: Taken): ProcessFault | undefined {
  const form = CHECK_ID.safeParse(id);
  if (!form.success)
    return {
      class: 'invalid_value',
      message: `offers a check ${JSON.stringify(id)}: ${form.error.issues[0]?.message}`,
    };
  if (id.startsWith(OWN_AREA))
    return { class: 'invalid_value', message: `offers a check ${id}: the area ${OWN_AREA} is taken` };
  if (ids.has(id)) return { class: 'duplicate', message: `offers a check ${id}, which exists already` };
  const unknown = needs.find((need) => !ids.has(need));
  return unknown === undefined
    ? undefined
    : {
        class: 'missing',
        message: `offers a check ${id}, which needs ${unknown}: no check before it has this id`,
      };
}

function faultOfFormat(name: string, { formats }: Taken): ProcessFault | undefined {
  return formats.has(name)
    ? { class: 'duplicate', message: `offers a format ${name}, which exists already` }
    : undefined;
}
