import { DIAGNOSTIC_KINDS, ITEM_KINDS } from '../../feedback/item.ts';
import type { ItemKind } from '../../feedback/item.ts';
import type { Wish } from '../../feedback/selection.ts';
import { isTagName } from '../../feedback/tags.ts';
import { isAnswered } from '../command.ts';
import type { NewParser } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { buildFeedbackOptions, feedbackOptions } from './options.ts';
import type { FeedbackArguments } from './options.ts';

/**
 * The options of a command line that makes sense; undefined where help or the version was asked for, and printed.
 * @throws UsageError
 */
export function readFeedbackArguments(
  argv: readonly string[],
  parser: NewParser,
): FeedbackArguments | undefined {
  const args = buildFeedbackOptions(parser(argv, 'stethos feedback', feedbackOptions)).parseSync();
  if (isAnswered(args)) return undefined;
  if (args._.length > 0) throw new UsageError(`feedback takes options only, not ${args._[0]}.`, IN_WORDS);
  refuseContradictions(args);
  return args;
}

const IN_WORDS = 'What happened stands behind --message: stethos feedback -m "It stops after a 401"';

/**
 * The tags of `--tag`.
 * @throws UsageError
 */
export function tagsOf({ tag }: FeedbackArguments): Record<string, string> {
  return Object.fromEntries(
    tag.map((text) => {
      const [name = '', ...value] = text.split('=');
      if (value.length === 0 || !isTagName(name))
        throw new UsageError(`--tag ${text} is not name=value.`, 'For example: --tag ticket=4711');
      return [name, value.join('=')];
    }),
  );
}

/**
 * Faults of a command line that need no look at any file.
 * @throws UsageError
 */
export function refuseContradictions(args: FeedbackArguments): void {
  const { out, dsn, unredacted, preview, show, yes, format } = args;
  if (args.retry && !isNothingNew(args))
    throw new UsageError(
      '--retry sends what waits as it was shown and agreed to, and nothing new.',
      'It goes with --dsn, --format, --target and --home only.',
    );
  if (out !== undefined && dsn !== undefined)
    throw new UsageError(
      '--out keeps everything on this machine, and --dsn sends it.',
      'Leave one of them out.',
    );
  if (unredacted && out === undefined)
    throw new UsageError(
      'What is not redacted is never sent.',
      'Name a file for it: --unredacted --out bundle.zip',
    );
  if (show !== undefined && (preview || format === 'json'))
    throw new UsageError(
      '--show prints the bytes of one item and nothing else.',
      'Leave the other option out.',
    );
  if ((preview || show !== undefined) && (yes || out !== undefined))
    throw new UsageError(
      '--preview and --show stop before anything is sent or stored.',
      'Leave them out to go on.',
    );
}

function isNothingNew(args: FeedbackArguments): boolean {
  const { classification, message, thread, trace, out, show } = args;
  const { tag, include, exclude, attach } = args;
  return (
    [classification, message, thread, trace, out, show].every((text) => text === undefined) &&
    [tag, include, exclude, attach].every((list) => list.length === 0) &&
    !args['include-logs'] &&
    !args.unredacted &&
    !args.preview
  );
}

/**
 * What is to be gathered, as far as the command line says. A name or a number may stand for anything.
 * @param attachesLogs `--include-logs`, or a yes at the terminal
 */
export function kindsWanted(args: FeedbackArguments, attachesLogs: boolean): ReadonlySet<ItemKind> {
  const { include, exclude, attach, trace } = args;
  const named = include.filter(isKind);
  const mayBeAny = attachesLogs || named.length < include.length;
  const wanted = new Set<ItemKind>([...(mayBeAny ? DIAGNOSTIC_KINDS : []), ...named]);
  if (attach.length > 0) wanted.add('files');
  if (trace !== undefined) wanted.add('trace');
  if (attachesLogs && named.length > 0 && named.length === include.length)
    for (const kind of DIAGNOSTIC_KINDS) if (!named.includes(kind)) wanted.delete(kind);
  for (const kind of exclude.filter(isKind)) wanted.delete(kind);
  return wanted;
}

const isKind = (word: string): word is ItemKind => (ITEM_KINDS as readonly string[]).includes(word);

/** Which of the gathered items are meant. Kinds have been seen to: the others were not gathered. */
export function wishOf({ include, exclude, attach, trace }: FeedbackArguments): Wish {
  const isByName = include.some((word) => !isKind(word));
  const alsoNamed = [...(attach.length > 0 ? ['files'] : []), ...(trace === undefined ? [] : ['trace'])];
  return {
    include: isByName ? [...include, ...alsoNamed] : [],
    exclude: exclude.filter((word) => !isKind(word)),
  };
}

/** The name of the file for what was not redacted says so. */
export function bundlePath(path: string, { unredacted }: { readonly unredacted: boolean }): string {
  if (!unredacted || path.endsWith('.unredacted.zip')) return path;
  return `${path.replace(/\.zip$/i, '')}.unredacted.zip`;
}
