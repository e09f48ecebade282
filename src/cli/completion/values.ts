import { CLASSIFICATIONS } from '../../feedback/classification.ts';
import { ITEM_KINDS } from '../../feedback/item.ts';

export interface Candidate {
  readonly value: string;
  /** One line; may be empty. */
  readonly description: string;
}

/** Names that are looked up when they are asked for. */
export interface Vocabulary {
  readonly checks: () => readonly Candidate[];
  readonly classes: () => readonly Candidate[];
  readonly formats: () => readonly Candidate[];
  readonly shells: () => readonly Candidate[];
}

/**
 * What a word may be: names, a comma list of which the last item is completed, what the shell knows itself, words of the
 * user, or one of these.
 */
export type Value = keyof Vocabulary | 'checkList' | 'files' | 'folders' | 'nothing' | readonly string[];

/** Of options that name no choices. What is not listed takes a file. */
export const VALUE_OF_OPTION: Readonly<Record<string, Value>> = {
  only: 'checkList',
  skip: 'checkList',
  explain: 'checks',
  format: 'formats',
  home: 'folders',
  cd: 'folders',
  'add-dir': 'folders',
  trace: 'folders',
  classification: CLASSIFICATIONS,
  include: ITEM_KINDS,
  exclude: ITEM_KINDS,
  config: 'nothing',
  enable: 'nothing',
  disable: 'nothing',
  timeout: 'nothing',
  dsn: 'nothing',
  message: 'nothing',
  tag: 'nothing',
  thread: 'nothing',
  model: 'nothing',
  provider: 'nothing',
  profile: 'nothing',
};

/** Of placeholders in a line of usage, by each of the words between `|`. What is not listed is the user's own. */
export const WORD_OF_PLACEHOLDER: Readonly<Record<string, Value>> = {
  check: 'checks',
  class: 'classes',
  shell: 'shells',
  file: 'files',
  zip: 'files',
  patch: 'files',
  bundle: 'files',
  report: 'files',
  'state.json': 'files',
  a: 'files',
  b: 'files',
};

export function candidatesOf(
  value: Exclude<Value, 'files' | 'folders' | 'nothing'>,
  vocabulary: Vocabulary,
): readonly Candidate[] {
  if (value === 'checkList') return vocabulary.checks();
  return typeof value === 'string'
    ? vocabulary[value]()
    : value.map((word) => ({ value: word, description: '' }));
}
