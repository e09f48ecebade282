import type { Argv, InferredOptionTypes, Options } from 'yargs';

export const bundleOptions = {
  out: {
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'redact: the new file (default: <name>.redacted.zip)',
  },
  show: {
    type: 'string',
    requiresArg: true,
    describe: 'inspect: print this entry, redacted, and stop',
  },
  format: {
    choices: ['text', 'json'] as const,
    default: 'text' as const,
    requiresArg: true,
    describe: 'For a reader or for a program',
  },
} as const satisfies Record<string, Options>;

export type BundleArguments = InferredOptionTypes<typeof bundleOptions>;

export const buildBundleOptions = (command: Argv): Argv<BundleArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 inspect <zip>   what is in it, and what was hidden',
        '$0 verify <zip>    names, sizes and hashes are right, and no secret is in it',
        '$0 redact <zip>    a new bundle, redacted with the rules of today',
        '',
        'Reads the bundles of stethos feedback --out and those that codex saves. Nothing is unpacked to disk',
        'but into a private folder that is removed again.',
      ].join('\n'),
    )
    .options(bundleOptions)
    .epilogue(
      'Exit codes: 0 done and sound, 1 no bundle, not sound or not written, 2 wrong command line, 130 interrupted.',
    );
