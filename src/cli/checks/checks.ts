import { isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { listChecks } from './list.ts';
import { newCheck } from './new.ts';
import { buildChecksOptions, checksOptions } from './options.ts';
import type { ChecksArguments } from './options.ts';

/** `stethos checks list` and `stethos checks new`. */
export const checks: Command = async (argv, parser) => {
  const args = buildChecksOptions(parser(argv, 'stethos checks', checksOptions)).parseSync();
  if (isAnswered(args)) return;
  const { env } = process;
  const surroundings = { env, cwd: workingDirectory(env).cwd };
  const [verb, id, ...more] = args._.map(String);
  switch (verb) {
    case 'list':
      refuse(verb, args, { surplus: id, options: ['declarative', 'dir'] });
      return listChecks(args, surroundings);
    case 'new':
      refuse(verb, args, { surplus: more[0], options: ['json', 'plugin', 'trust-project'] });
      if (id === undefined) throw new UsageError('checks new takes the id of the check.', EXAMPLE);
      return newCheck(id, args, surroundings);
    default:
      throw new UsageError(verb === undefined ? 'checks lists or makes.' : `checks has no ${verb}.`, EXAMPLE);
  }
};

const EXAMPLE = 'For example: stethos checks list, or stethos checks new acme.vpn';

/** What the other verb takes. */
function refuse(
  verb: string,
  args: ChecksArguments,
  { surplus, options }: { surplus: string | undefined; options: readonly (keyof ChecksArguments)[] },
): void {
  if (surplus !== undefined) throw new UsageError(`checks ${verb} takes no ${surplus}.`, EXAMPLE);
  const given = options.find((option) => {
    const value = args[option];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  if (given !== undefined)
    throw new UsageError(
      `--${given} goes with the other verb.`,
      'stethos checks --help says which takes what.',
    );
}
