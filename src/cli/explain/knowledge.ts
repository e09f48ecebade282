import { readFileSync } from 'node:fs';
import { FAILURE_CLASSES } from '../../doctor/failure.ts';
import type { FailureClass } from '../../doctor/failure.ts';
import { packageFile } from '../package-file.ts';

/** Pages of the documentation that come with the package; read, never fetched. */

export const isFailureClass = (word: string): word is FailureClass => Object.hasOwn(FAILURE_CLASSES, word);

/** The Markdown page of a check. */
export const checkPage = (id: string): string => readFileSync(packageFile(`docs/checks/${id}.md`), 'utf8');

/** The section about a failure class as a Markdown page of its own. @throws when the documentation has none */
export const classSection = (failureClass: FailureClass): string =>
  sectionOf('docs/failure-classes.md', failureClass);

/** What the row of a plugin itself is about, as a Markdown page of its own. @throws when the documentation has no such section */
export const pluginRowSection = (): string =>
  sectionOf('docs/plugins.md', 'What happens to a plugin that misbehaves');

function sectionOf(path: string, heading: string): string {
  const sections = readFileSync(packageFile(path), 'utf8').split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${path} has no section ${heading}`);
  return `# ${section.trimEnd()}\n`;
}

/** The failure classes that the page of a check names among the likely causes. A test compares them with its sources. */
export function classesNamedBy(page: string): ReadonlySet<FailureClass> {
  const [, causes = ''] = /^## Likely causes\n([^]*?)(?=^## |$(?![^]))/m.exec(page) ?? [];
  const words = [...causes.matchAll(/`([a-z_]+)`/g)].map(([, word = '']) => word);
  return new Set(words.filter(isFailureClass));
}
