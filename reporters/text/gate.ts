import { EXIT } from '../../src/doctor/report.ts';
import type { Gate, RedactedReport } from '../../src/doctor/report.ts';
import type { Glyphs } from './glyphs.ts';
import type { Role } from './paint.ts';

/** A line of the gate's block, before it is wrapped. */
export interface GateLine {
  readonly prefix: string;
  readonly text: string;
  readonly role?: Role;
}

/**
 * What the gate let through, why and until when. Nothing where it had only the rows to decide on: then the verdict says
 * it all.
 */
export function gateLines({ gate, counts }: RedactedReport, glyphs: Glyphs): readonly GateLine[] {
  if (!gate) return [];
  const item = `  ${glyphs.bullet} `;
  const items: GateLine[] = [
    ...waivedLines(gate, glyphs).map((text) => ({ prefix: item, text })),
    ...(gate.known.length > 0
      ? [{ prefix: item, text: `as bad in the baseline already: ${gate.known.join(', ')}` }]
      : []),
    ...gate.expired.map(({ check, expires, source }): GateLine => ({
      prefix: item,
      text: `the waiver of ${check} ended with ${expires} and counts for nothing (${source})`,
      role: 'warning',
    })),
    ...gate.unused.map(({ check, source }) => ({
      prefix: item,
      text: `the waiver of ${check} is not needed any more (${source})`,
    })),
  ];
  const unanswered = counts.incomplete + counts.crashed;
  return items.length === 0 ? [] : [{ prefix: '', text: `Gate: ${decisionOf(gate, unanswered)}` }, ...items];
}

function decisionOf({ exitCode, counted, waived, known }: Gate, unanswered: number): string {
  if (exitCode === EXIT.interrupted) return 'interrupted';
  if (exitCode === EXIT.threshold) return `not passed, because of ${counted.join(', ')}`;
  if (exitCode === EXIT.incomplete) return `undecided, ${unanswered} without an answer`;
  const letThrough = new Set([...waived.map(({ check }) => check), ...known]).size;
  return letThrough === 0 ? 'passed' : `passed, ${letThrough} let through`;
}

/** Rows that one waiver lets through stand in one line. */
function waivedLines({ waived }: Gate, glyphs: Glyphs): readonly string[] {
  const byWaiver = Map.groupBy(waived, ({ reason, expires }) => `until ${expires}${glyphs.dash}${reason}`);
  return [...byWaiver].map(
    ([words, rows]) => `let through: ${rows.map(({ check }) => check).join(', ')} ${words}`,
  );
}
