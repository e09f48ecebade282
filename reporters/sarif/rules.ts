import type { CheckResult } from '../../src/doctor/report.ts';
import { pagesOf } from '../findings.ts';
import { longestOf } from '../machine/words.ts';
import { cleanText, messageOf } from './message.ts';

/** A rule for each check that found something; its id is the check's and never changes. */
export function rulesOf(rows: readonly CheckResult[]): readonly Readonly<Record<string, unknown>>[] {
  const longest = longestOf(rows.length);
  return rows.map((row) => {
    const page = row.issues.map(({ docs }) => docs).find(isWebPage);
    return {
      id: row.id,
      name: row.id.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase()),
      shortDescription: messageOf(row.title, longest),
      // GitHub asks for both.
      fullDescription: messageOf(`${row.title} (${row.section})`, longest),
      help: { text: helpText(row) },
      ...(page !== undefined && { helpUri: page }),
      properties: { tags: [row.section, row.category].map((tag) => cleanText(tag)) },
    };
  });
}

/** GitHub asks for one. */
function helpText(row: CheckResult): string {
  const pages = pagesOf(row);
  return pages.length === 0
    ? 'Each result says what was measured, what was expected and what to do.'
    : `What this check looks at, what its findings mean and what to do: ${cleanText(pages.join(', '))}`;
}

/** Built-in checks name a page of the package, which has no address; others may have one. */
const isWebPage = (docs: string): boolean => /^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w.~%/#?=&-]*)?$/.test(docs);
