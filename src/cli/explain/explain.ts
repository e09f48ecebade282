import { builtInChecks } from '../../../checks/index.ts';
import { FAILURE_CLASSES } from '../../doctor/failure.ts';
import { nearest } from '../../doctor/select.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { styleFor } from '../style.ts';
import { UsageError } from '../usage-error.ts';
import { checkPage, classesNamedBy, classSection, isFailureClass, pluginRowSection } from './knowledge.ts';
import { buildExplainOptions, explainOptions } from './options.ts';

/** What is explained: the fields of a check that are read here. */
interface Explained {
  readonly id: string;
  readonly title: string;
}

/** `stethos explain`: what a check or a failure class is about, from the files of the package alone. */
export const explain: Command = async (argv, newParser) => {
  const args = buildExplainOptions(newParser(argv, 'stethos explain', explainOptions)).parseSync();
  if (isAnswered(args)) return;
  const [word, ...more] = args._.map(String);
  if (more.length > 0) throw new UsageError(`explain takes one name, not ${more[0]} as well.`);
  const page = word === undefined ? overview(builtInChecks) : pageAbout(word, builtInChecks);
  return printPage(page, { noColor: args['no-color'] });
};

/**
 * Prints a Markdown page and ends the process: laid out and coloured on a terminal, otherwise as it stands in the
 * documentation.
 */
export async function printPage(page: string, { noColor }: { readonly noColor: boolean }): Promise<never> {
  const { isTTY } = process.stdout;
  const text = isTTY ? await laidOut(page, noColor) : page;
  return finish(text, { exitCode: EXIT_DONE, what: 'the page', unwritten: EXIT_FAILED });
}

async function laidOut(page: string, noColor: boolean): Promise<string> {
  const { renderMarkdown } = await import('./render-markdown.ts');
  return renderMarkdown(page, await styleFor({ noColor, ascii: false, all: true }));
}

/**
 * The page about a check, a failure class or the row of a plugin, in Markdown.
 * @throws UsageError when there is neither of that name
 */
export function pageAbout(word: string, checks: readonly Explained[]): string {
  if (checks.some(({ id }) => id === word)) return checkPage(word);
  if (isFailureClass(word)) {
    const reporting = checks.filter(({ id }) => classesNamedBy(checkPage(id)).has(word));
    const list = reporting.map(({ id, title }) => `- \`${id}\`: ${title}\n`).join('');
    return `${classSection(word)}\n## Checks that can report it\n\n${list}`;
  }
  if (PLUGIN_ROW.test(word)) return pluginRowSection();
  const suggestion = nearest(word, [...checks.map(({ id }) => id), ...Object.keys(FAILURE_CLASSES)]);
  throw new UsageError(
    `There is neither a check nor a failure class ${word}.`,
    suggestion
      ? `Did you mean ${suggestion}?`
      : CHECK_ID.test(word)
        ? OF_OTHERS
        : 'stethos explain names them all.',
  );
}

/** The row of a plugin itself; no check may be called so. */
const PLUGIN_ROW = /^plugin\.\w+$/;
/** What the checks of plugins and of stethos.toml may be called. */
const CHECK_ID = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/;
const OF_OTHERS =
  'A check of a plugin or of stethos.toml is explained by whoever wrote it; stethos checks list says where it comes from.';

/** Everything that can be explained, in Markdown. */
export function overview(checks: readonly Explained[]): string {
  const listed = checks.map(({ id, title }) => `- \`${id}\`: ${title}\n`);
  const phases = [...new Set(Object.values(FAILURE_CLASSES))].map((phase) => {
    const classes = Object.keys(FAILURE_CLASSES).filter(
      (name) => isFailureClass(name) && FAILURE_CLASSES[name] === phase,
    );
    return `- ${phase}: ${classes.map((name) => `\`${name}\``).join(', ')}\n`;
  });
  return [
    '# What can be explained\n\n`stethos explain NAME` prints the page of a check or of a failure class.\n',
    `## Checks\n\n${listed.join('')}`,
    `## Failure classes by phase\n\n${phases.join('')}`,
  ].join('\n');
}
