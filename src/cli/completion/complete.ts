import type { Argv, Options } from 'yargs';
import type { CommandPage } from '../commands.ts';
import { outlineOf, usageLinesOf } from '../command-outline.ts';
import type { CommandOutline } from '../command-outline.ts';
import { candidatesOf, VALUE_OF_OPTION, WORD_OF_PLACEHOLDER } from './values.ts';
import type { Candidate, Value, Vocabulary } from './values.ts';

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What the shell offers by itself: names of files or folders, or nothing. */
  readonly otherwise: 'files' | 'folders' | 'nothing';
}

export interface Question {
  /** The words before the one that is completed, without the program's name. */
  readonly words: readonly string[];
  /** What is typed of the word; may be empty. */
  readonly current: string;
}

export interface Known {
  readonly commands: ReadonlyMap<string, CommandPage>;
  readonly vocabulary: Vocabulary;
}

const NOTHING: Completion = { candidates: [], otherwise: 'nothing' };
/** Every command has these. */
const COMMON_OPTIONS: Readonly<Record<string, Options>> = {
  help: { alias: 'h', type: 'boolean', describe: 'Show help' },
  version: { alias: 'v', type: 'boolean', describe: 'Show version number' },
};

/** What may stand where the cursor is. Asks nothing but `known`. */
export function complete({ words, current }: Question, known: Known): Completion {
  const [name, ...rest] = words;
  if (name === undefined) return firstWord(current, known);
  const page = known.commands.get(name);
  if (!page || rest.includes('--')) return NOTHING;
  const { verb, outline } = commandOf(page, rest);
  const options = { ...outline.options, ...COMMON_OPTIONS };

  const [option, typed] = optionBefore(rest, current, options);
  if (option !== undefined) {
    const before = current.slice(0, current.length - typed.length);
    return valuesOf(valueOf(option, options[option] ?? {}), typed, { before, known });
  }
  return current.startsWith('-')
    ? optionNames(rest, current, options)
    : placeholders({ outline, verb, words: rest, current }, known);
}

function firstWord(current: string, { commands }: Known): Completion {
  if (current.startsWith('-')) return optionNames([], current, COMMON_OPTIONS);
  const all = [...commands].map(([value, { description }]) => ({ value, description }));
  return { candidates: startingWith(all, current), otherwise: 'nothing' };
}

/** The verb among the words, and what can be said behind it. */
function commandOf(
  page: CommandPage,
  words: readonly string[],
): { readonly verb: string | undefined; readonly outline: CommandOutline } {
  const outline = outlineOf(page.build);
  const verbs = usageLinesOf(outline).map((line) => line.verb);
  const verb = words.find((word) => verbs.includes(word));
  const build: ((command: Argv) => Argv) | undefined = verb === undefined ? undefined : page.verbs?.[verb];
  return { verb, outline: build ? outlineOf(build) : outline };
}

/** The option whose value is being typed, and what is there of it. */
function optionBefore(
  words: readonly string[],
  current: string,
  options: Readonly<Record<string, Options>>,
): readonly [option: string | undefined, typed: string] {
  const joined = /^(--?[\w-]+)=([^]*)$/.exec(current);
  const [spelling = '', typed = ''] = joined?.slice(1) ?? [words.at(-1), current];
  const option = Object.keys(options).find((name) => spellingsOf(name, options[name]).includes(spelling));
  const takesValue = option !== undefined && options[option]?.type !== 'boolean';
  return [takesValue ? option : undefined, typed];
}

const spellingsOf = (name: string, { alias }: Options = {}): readonly string[] =>
  [name, ...[alias ?? []].flat()].map((each) => (each.length === 1 ? `-${each}` : `--${each}`));

/** Options that can still be said, by their long names; a short one where there is no other. */
function optionNames(
  words: readonly string[],
  current: string,
  options: Readonly<Record<string, Options>>,
): Completion {
  const open = Object.entries(options).filter(
    ([name, option]) =>
      option.hidden !== true &&
      (option.array === true || !spellingsOf(name, option).some((spelling) => words.includes(spelling))),
  );
  const candidates = open.map(([name, option]) => {
    const spellings = spellingsOf(name, option);
    const value = spellings.find((spelling) => spelling.startsWith('--')) ?? spellings[0] ?? '';
    return { value, description: option.describe ?? '' };
  });
  return { candidates: startingWith(candidates, current), otherwise: 'nothing' };
}

function valueOf(name: string, option: Options): Value {
  const { choices } = option;
  if (choices) return choices.map(String);
  return (
    [name, ...[option.alias ?? []].flat()]
      .map((each) => VALUE_OF_OPTION[each])
      .find((value) => value !== undefined) ?? 'files'
  );
}

interface Place {
  readonly outline: CommandOutline;
  readonly verb: string | undefined;
  readonly words: readonly string[];
  readonly current: string;
}

/** A word that is no option: a verb of the command, or what the usage has a placeholder for. */
function placeholders({ outline, verb, words, current }: Place, known: Known): Completion {
  const lines = usageLinesOf(outline);
  const line = lines.find((each) => each.verb === verb) ?? lines.find((each) => each.verb === undefined);
  const isFirst = words.every((word) => word.startsWith('-'));
  const verbs = verb === undefined && isFirst ? lines.flatMap((each) => each.verb ?? []) : [];
  const values = (line?.placeholders ?? [])
    .flatMap((placeholder) => placeholder.split(/\||, | or /))
    .map((word) => WORD_OF_PLACEHOLDER[word] ?? 'nothing');
  const found = [verbs, ...values].map((value) => valuesOf(value, current, { before: '', known }));
  return {
    candidates: found.flatMap(({ candidates }) => candidates),
    otherwise: found.find(({ otherwise }) => otherwise !== 'nothing')?.otherwise ?? 'nothing',
  };
}

function valuesOf(
  value: Value,
  typed: string,
  { before, known }: { readonly before: string; readonly known: Known },
): Completion {
  if (value === 'files' || value === 'folders') return { candidates: [], otherwise: value };
  if (value === 'nothing') return NOTHING;
  // Behind `--format NAME=` stands a file.
  if (value === 'formats' && typed.includes('=')) return { candidates: [], otherwise: 'files' };
  const listed = value === 'checkList' ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const said = new Set(listed.split(','));
  const candidates = startingWith(candidatesOf(value, known.vocabulary), typed.slice(listed.length))
    .filter((candidate) => !said.has(candidate.value))
    .map(({ value: word, description }) => ({ value: `${before}${listed}${word}`, description }));
  return { candidates, otherwise: 'nothing' };
}

const startingWith = (candidates: readonly Candidate[], text: string): readonly Candidate[] =>
  candidates.filter(({ value }) => value.startsWith(text));
