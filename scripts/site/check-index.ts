import { builtInChecks } from '../../checks/index.ts';
import { checkPage, classesNamedBy } from '../../src/cli/explain/knowledge.ts';
import { FAILURE_CLASSES } from '../../src/doctor/failure.ts';
import { SECTIONS } from '../../src/doctor/report.ts';

/* Documents that are made of what the program knows of itself. Their links are meant from `docs`. */

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

/** The checks by the sections of the report. */
export function checkIndex(): string {
  const sections = SECTIONS.map((section) => {
    const checks = builtInChecks.filter((check) => check.section === section);
    const rows = checks.map(({ id, title }) => `| [${id}](checks/${id}.md) | ${cell(title)} |\n`);
    return rows.length === 0
      ? ''
      : `## ${section}\n\n| check | what is true when it passes |\n|---|---|\n${rows.join('')}\n`;
  });
  return (
    '# Checks\n\nEach check answers one question and has a page: what it looks at, why that matters, what usually causes a ' +
    'fault and what to do. `stethos explain ID` prints the same at a terminal. What a bad row means in general stands under ' +
    `[failure classes](failure-classes.md).\n\n${sections.join('')}`
  );
}

/** Adds to each class which checks can report it. */
export function withReporters(markdown: string): string {
  const named = builtInChecks.map(({ id }) => ({
    id,
    classes: classesNamedBy(checkPage(id)) as ReadonlySet<string>,
  }));
  return markdown
    .split(/^(?=## )/m)
    .map((section) => {
      const name = /^## (\w+)\n/.exec(section)?.[1] ?? '';
      if (!Object.hasOwn(FAILURE_CLASSES, name)) return section;
      const links = named
        .filter(({ classes }) => classes.has(name))
        .map(({ id }) => `[${id}](checks/${id}.md)`);
      return `${section.trimEnd()}\n\nReported by: ${links.join(', ')}.\n\n`;
    })
    .join('');
}
