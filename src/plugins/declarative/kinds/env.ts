import { conclude } from '../../../doctor/check.ts';
import type { Verdict } from '../../../doctor/check.ts';
import type { DetailValue } from '../../../doctor/report.ts';
import { issuesOf, quoted } from '../issue.ts';
import type { Fault } from '../issue.ts';
import type { Work } from '../kind.ts';
import { isFoundIn } from '../pattern.ts';
import type { SpecOf } from '../vocabulary.ts';

type Spec = SpecOf<'env'>;

export interface SeenVariable {
  readonly value: string | undefined;
  /** `shell` or the `.env` file of the home. */
  readonly origin: string | undefined;
}

/** A variable that the agent would have is set, or has the value that it should. */
export const env = (spec: Spec): Work<SeenVariable> => ({
  title: `${spec.variable} is ${spec.set === false ? 'not set' : 'set as it should be'}`,
  probe: ({ target }) => {
    const environment = target.environment();
    const value = environment.values[spec.variable];
    return { value, origin: value === undefined ? undefined : environment.originOf(spec.variable) };
  },
  judge: (seen) => judgeEnv(spec, seen),
});

export function judgeEnv(spec: Spec, seen: SeenVariable): Verdict {
  const { variable } = spec;
  const fault = faultOf(spec, seen.value);
  const details: Record<string, DetailValue | undefined> = {
    variable,
    state: stateOf(seen.value),
    origin: seen.origin,
  };
  return conclude({
    summary: `${variable} is ${spec.set === false ? 'not set' : 'as it should be'}`,
    details,
    issues: issuesOf(fault ? [fault] : [], spec),
  });
}

/** The value itself is never told: a name says too little about whether it is a secret. */
const stateOf = (value: string | undefined): string =>
  value === undefined ? 'not set' : value === '' ? 'set, empty' : 'set';

function faultOf({ variable, set = true, ...spec }: Spec, value: string | undefined): Fault | undefined {
  const base = { measured: stateOf(value) };
  if (!set)
    return value === undefined
      ? undefined
      : {
          ...base,
          class: 'invalid_value',
          cause: `${variable} is set`,
          expected: 'not set',
          remedy: `Unset ${variable} where your shell sets it.`,
        };
  const expected = wanted(spec);
  if (value === undefined)
    return {
      ...base,
      class: 'missing',
      cause: `${variable} is not set`,
      expected: expected ?? 'set',
      remedy: `Set ${variable} in the environment that the agent is started from.`,
      failure: { phase: 'configuration' },
    };
  const { equals, one_of: oneOf, matches } = spec;
  const fits =
    (equals === undefined || value === equals) &&
    (oneOf === undefined || oneOf.includes(value)) &&
    (matches === undefined || isFoundIn(matches, value));
  if (fits) return undefined;
  return {
    measured: `${stateOf(value)}, to another value`,
    class: 'invalid_value',
    cause: `${variable} has another value than it should`,
    expected: expected ?? 'set',
    remedy: `Correct ${variable} where it is set.`,
  };
}

/** A pattern tells how a value looks; the values themselves stand in the declaration. */
function wanted({ equals, one_of: oneOf, matches }: Omit<Spec, 'variable' | 'set'>): string | undefined {
  if (matches !== undefined) return `a value that matches ${quoted(matches)}`;
  if (equals !== undefined) return 'the value of the declaration';
  return oneOf && `one of the ${oneOf.length} values of the declaration`;
}
