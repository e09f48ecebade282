import { FAIL_ON } from '../report.ts';
import type { Gate, Redaction, Waiver } from '../report.ts';
import { inOrderOf, integerOf, listOf, member, oneOf, recordOf, textOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';
import { failureClassOf } from './row-parts.ts';

type IdOf = (name: unknown) => string;

/** What a gate made of the rows there; a whole one or none. */
export function gateOf(value: unknown, idOf: IdOf): Gate | undefined {
  const gate = recordOf(value);
  const failOn = oneOf(FAIL_ON, gate && member(gate, 'failOn'));
  const exitCode = integerOf(gate && member(gate, 'exitCode'));
  if (!gate || failOn === undefined || exitCode === undefined) return undefined;
  const list = (name: string): readonly unknown[] => listOf(member(gate, name)) ?? [];
  const made: Gate = {
    failOn,
    exitCode,
    counted: list('counted').map(idOf),
    waived: list('waived').flatMap((item) => {
      const row = recordOf(item);
      return row ? [inOrderOf(row, { check: idOf(member(row, 'check')), ...reasonOf(row) })] : [];
    }),
    known: list('known').map(idOf),
    expired: list('expired').flatMap(waiverOf),
    unused: list('unused').flatMap(waiverOf),
  };
  return inOrderOf(gate, made);
}

function waiverOf(value: unknown): Waiver[] {
  const waiver = recordOf(value);
  const check = waiver && textOf(member(waiver, 'check'));
  if (!waiver || check === undefined) return [];
  const failureClass = failureClassOf(member(waiver, 'failureClass'));
  const made: Waiver = {
    check,
    ...(failureClass && { failureClass }),
    ...reasonOf(waiver),
    source: wordOf(waiver, 'source'),
  };
  return [inOrderOf(waiver, made)];
}

const reasonOf = (read: JsonRecord): Pick<Waiver, 'reason' | 'expires'> => ({
  reason: wordOf(read, 'reason'),
  expires: wordOf(read, 'expires'),
});

const wordOf = (read: JsonRecord, name: string): string => textOf(member(read, name)) ?? '';

/** What was hidden before, by rule. */
export function redactionsOf(value: unknown): Redaction[] {
  return (listOf(value) ?? []).flatMap((item) => {
    const entry = recordOf(item) ?? {};
    const rule = textOf(member(entry, 'rule'));
    const count = integerOf(member(entry, 'count'));
    return rule === undefined || count === undefined || count < 1 ? [] : [{ rule, count }];
  });
}
