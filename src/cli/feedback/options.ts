import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { CLASSIFICATIONS } from '../../feedback/classification.ts';
import { ITEM_KINDS } from '../../feedback/item.ts';
import { repeatable } from '../repeatable.ts';

const WHAT = 'What is said:';
const ITEMS = 'What goes with it:';
const WHERE = 'Where it goes:';
const EXAMINED = 'What it is about:';
const OUTPUT = 'Output:';

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string', requiresArg: true } as const;

export const feedbackOptions = {
  classification: {
    group: WHAT,
    alias: 'k',
    ...text,
    describe: `${CLASSIFICATIONS.join(', ')} (default: other)`,
  },
  message: {
    group: WHAT,
    alias: 'm',
    ...text,
    describe: 'What happened, in your words; - reads standard input',
  },
  tag: { group: WHAT, ...repeatable, describe: 'A tag of your own: --tag ticket=4711' },
  target: {
    group: EXAMINED,
    choices: ['auto', 'codex', 'stethos'] as const,
    default: 'auto' as const,
    requiresArg: true,
    describe: 'The agent; auto takes the home that exists, codex when several do',
  },
  home: { group: EXAMINED, ...text, describe: "The agent's home directory instead of the one it would use" },
  thread: { group: EXAMINED, ...text, describe: 'Id or name of the session (default: the latest)' },
  'include-logs': {
    group: ITEMS,
    ...flag,
    describe:
      'Logs and session files of the session and its sub-agents, proxy settings, a report of the doctor',
  },
  include: {
    group: ITEMS,
    ...repeatable,
    describe: `Only these of them: ${ITEM_KINDS.join(', ')}, a name or a number`,
  },
  exclude: { group: ITEMS, ...repeatable, describe: 'All but these' },
  attach: { group: ITEMS, ...repeatable, describe: 'This file as well; it is redacted like everything else' },
  trace: { group: ITEMS, ...text, describe: 'The rollout trace in this folder as well' },
  dsn: {
    group: WHERE,
    ...text,
    describe:
      'DSN of a Sentry project (default: STETHOS_SENTRY_DSN, SENTRY_DSN, [feedback] dsn of the stethos home)',
  },
  out: {
    group: WHERE,
    alias: 'o',
    ...text,
    describe: 'Write everything to this new ZIP file and send nothing',
  },
  unredacted: {
    group: WHERE,
    ...flag,
    describe: 'With --out: hide nothing; the name of the file then ends with .unredacted.zip',
  },
  yes: {
    group: WHERE,
    alias: 'y',
    ...flag,
    describe: 'Send without asking; needed where there is no terminal',
  },
  'allow-findings': {
    group: WHERE,
    ...flag,
    describe: 'Send although credentials were found (they are hidden in any case)',
  },
  retry: {
    group: WHERE,
    ...flag,
    describe: 'Send what could not be sent before, under the same event ids, and nothing new',
  },
  preview: { group: OUTPUT, ...flag, describe: 'Show what would be sent, and stop' },
  show: { group: OUTPUT, ...text, describe: 'Print the exact bytes of one item, or of the report, and stop' },
  format: {
    group: OUTPUT,
    choices: ['text', 'json'] as const,
    default: 'text' as const,
    requiresArg: true,
    describe: 'For a reader or for a program',
  },
} as const satisfies Record<string, Options>;

export type FeedbackArguments = InferredOptionTypes<typeof feedbackOptions>;

export const buildFeedbackOptions = (command: Argv): Argv<FeedbackArguments> =>
  command
    // Words are told apart by the command itself, which says where a message stands.
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 [options]',
        '',
        'Tells whoever looks after the agent what happened. Everything is redacted and shown first, to the',
        'byte; nothing is sent without a DSN, and nothing without your yes.',
      ].join('\n'),
    )
    .options(feedbackOptions)
    .epilogue(
      [
        'Exit codes: 0 sent, stored or shown; 75 not sent yet, and waiting on disk (see --retry);',
        '1 not sent and not waiting: a no, a refusal, something that must be said first;',
        '2 wrong command line; 130 interrupted. With --retry: 0 nothing waits any more;',
        '75 something still waits; 1 something will never be sent.',
        'For example:',
        '  stethos feedback -k bug -m "It stops after a 401" --include-logs',
        '  stethos feedback --include-logs --out bundle.zip',
        '  stethos feedback --retry',
      ].join('\n'),
    );
