import type { Options } from 'yargs';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { CommandPage } from '../../src/cli/commands.ts';
import { outlineOf } from '../../src/cli/command-outline.ts';
import type { CommandOutline } from '../../src/cli/command-outline.ts';
import { ENVIRONMENT } from './environment.ts';
import { bold, entry, escapeRoff, section, subsection, verbatim } from './roff.ts';

export interface Edition {
  /** Of the package. */
  readonly version: string;
  /** `2026-12-31` */
  readonly date: string;
}

const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ['~/.codex', "Codex' home, which is examined and never written to"],
  ['~/.stethos', 'Home of the embedded agent: configuration, login, sessions, reports that wait to be sent'],
  ['stethos.toml', 'Settings of a project, from the working directory up to the root of its repository'],
  ['~/.config/stethos/stethos.toml', 'Settings of the user'],
  ['~/.cache/stethos', 'Compiled code, which may be deleted at any time'],
];

/** All man pages by their file names: `stethos.1` and one for each command, from what their help is made of. */
export function manPages(edition: Edition): ReadonlyMap<string, string> {
  return new Map([
    ['stethos.1', overview(edition)],
    ...[...COMMANDS].map(([name, page]) => [`stethos-${name}.1`, commandPage(name, page, edition)] as const),
  ]);
}

function overview(edition: Edition): string {
  const commands = [...COMMANDS].map(([name, { usage, description }]) =>
    entry(bold(`stethos ${usage}`), `${escapeRoff(description)}; see ${bold(`stethos-${name}`)}(1).`),
  );
  const environment = [...ENVIRONMENT].map(([name, meaning]) => entry(bold(name), `${escapeRoff(meaning)}.`));
  const files = FILES.map(([path, meaning]) => entry(bold(path), `${escapeRoff(meaning)}.`));
  const codes = [
    ['0', 'Done; nothing is wrong, as far as it was asked.'],
    ['1', 'The doctor found a row at or above --fail-on; a command did not succeed.'],
    ['2', 'The command line, or a settings file, cannot be followed.'],
    ['3', 'A check crashed or ran out of time, so that there is no full verdict.'],
    ['75', 'Feedback waits on disk and is not sent yet.'],
    ['130', 'Interrupted.'],
  ].map(([code = '', meaning = '']) => entry(bold(code), escapeRoff(meaning)));
  return [
    head('stethos', 'names what is wrong with the coding agent on this machine', edition),
    section('Synopsis', `${bold('stethos')} \\fIcommand\\fR [\\fIoptions\\fR]`),
    section('Description', escapeRoff(DESCRIPTION)),
    section('Commands', commands.join('\n')),
    section('Exit status', codes.join('\n')),
    section('Environment', environment.join('\n')),
    section('Files', files.join('\n')),
    section('Examples', verbatim(EXAMPLES)),
    section('See also', [...COMMANDS.keys()].map((name) => `${bold(`stethos-${name}`)}(1)`).join(',\n')),
  ].join('');
}

const DESCRIPTION =
  'stethos examines a coding agent, a Codex home first, and names the fault: which hop refused, in which phase, which ' +
  'database is damaged and what holds it. It reads only: nothing in the examined home changes. It brings a small agent ' +
  'of its own, which leaves through the code that the doctor probes with.';

const EXAMPLES = [
  'stethos doctor',
  "stethos doctor --only 'state.*' --summary",
  'stethos explain locked',
  'eval "$(stethos completion bash)"',
].join('\n');

function commandPage(
  name: string,
  { description, build, verbs = {} }: CommandPage,
  edition: Edition,
): string {
  const outline = outlineOf(build);
  const words = `stethos ${name}`;
  const { synopsis, text } = usageOf(outline, words);
  const own = Object.entries(verbs).map(([verb, buildVerb]) => {
    const { options } = outlineOf(buildVerb);
    const further = Object.fromEntries(Object.entries(options).filter(([key]) => !(key in outline.options)));
    return subsection(`Only with ${verb}`, optionEntries(further));
  });
  return [
    head(`stethos-${name}`, description, edition),
    section('Synopsis', verbatim(synopsis)),
    section('Description', text === '' ? escapeRoff(`${description}.`) : verbatim(text)),
    section('Options', [...groupsOf(outline), ...own].join('')),
    ...(outline.epilogue === '' ? [] : [section('Exit status', verbatim(outline.epilogue))]),
    section('See also', `${bold('stethos')}(1)`),
  ].join('');
}

/** The lines that show how to call it, and what stands behind the first empty one. */
function usageOf(
  { usage }: CommandOutline,
  words: string,
): { readonly synopsis: string; readonly text: string } {
  const [synopsis = '', ...rest] = usage.replaceAll('$0', words).split('\n\n');
  return { synopsis: synopsis === '' ? words : synopsis, text: rest.join('\n\n') };
}

const OTHER_GROUP = 'Options';

function groupsOf({ options }: CommandOutline): readonly string[] {
  const groups = Map.groupBy(Object.entries(options), ([, { group = OTHER_GROUP }]) => group);
  const common = { help: { alias: 'h', describe: 'Show help', type: 'boolean' } } satisfies Record<
    string,
    Options
  >;
  const texts = [...groups].map(([title, entries]) =>
    subsection(title.replace(/:$/, ''), optionEntries(Object.fromEntries(entries))),
  );
  return [...texts, subsection('Everywhere', optionEntries(common))];
}

function optionEntries(options: Readonly<Record<string, Options>>): string {
  return Object.entries(options)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, option]) => entry(termOf(name, option), meaningOf(option)))
    .join('\n');
}

function termOf(name: string, { alias, type, choices, array }: Options): string {
  const spellings = [name, ...[alias ?? []].flat()]
    .map((each) => (each.length === 1 ? `-${each}` : `--${each}`))
    .toSorted((a, b) => a.length - b.length)
    .map(bold);
  const value = choices ? choices.join('|') : type === 'boolean' ? '' : 'value';
  return `${spellings.join(', ')}${value === '' ? '' : ` \\fI${escapeRoff(value)}\\fR`}${array ? ' ...' : ''}`;
}

function meaningOf({ describe = '', default: value, defaultDescription }: Options): string {
  const said = defaultDescription ?? (typeof value === 'string' ? value : undefined);
  return escapeRoff(`${describe}.${said === undefined ? '' : ` Default: ${said}.`}`);
}

const head = (name: string, description: string, { version, date }: Edition): string =>
  `.TH ${escapeRoff(name.toUpperCase())} 1 ${date} "stethos ${version}" "User Commands"\n` +
  section('Name', `${escapeRoff(name)} \\- ${escapeRoff(lowerFirst(description))}`);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
