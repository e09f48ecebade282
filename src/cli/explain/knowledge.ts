import { readFileSync } from 'node:fs';
import { FAILURE_CLASSES } from '../../doctor/failure.ts';
import type { FailureClass } from '../../doctor/failure.ts';
import { packageFile } from '../package-file.ts';

/** Pages of the documentation that come with the package; read, never fetched. */

export const isFailureClass = (word: string): word is FailureClass => Object.hasOwn(FAILURE_CLASSES, word);

/** The Markdown page of a check. */
export const checkPage = (id: string): string => readFileSync(packageFile(`docs/checks/${id}.md`), 'utf8');

/** The section about a failure class as a Markdown page of its own. @throws when the documentation has none */
export function classSection(failureClass: FailureClass): string {
  const page = readFileSync(packageFile('docs/failure-classes.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${failureClass}\n`));
  if (section === undefined) throw new Error(`docs/failure-classes.md has no section ${failureClass}`);
  return `# ${section.trimEnd()}\n`;
}

/** The failure classes that the page of a check names among the likely causes. A test compares them with its sources. */
export function classesNamedBy(page: string): ReadonlySet<FailureClass> {
  const [, causes = ''] = /^## Likely causes\n([^]*?)(?=^## |$(?![^]))/m.exec(page) ?? [];
  const words = [...causes.matchAll(/`([a-z_]+)`/g)].map(([, word = '']) => word);
  return new Set(words.filter(isFailureClass));
}
