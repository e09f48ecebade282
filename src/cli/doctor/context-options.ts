import type { ContextOptions } from '../../doctor/context.ts';
import type { Environment } from '../../target/home.ts';
import type { DoctorArguments } from './options.ts';
import type { workingDirectory } from '../working-directory.ts';
import type { Settled } from './settle.ts';

/** The options of the command line that say what is examined, and how far a check may go. */
type ExamineArguments = Pick<DoctorArguments, 'home' | 'c' | 'enable' | 'disable' | 'deep' | 'no-color'>;

interface Place {
  readonly env: Environment;
  readonly directory: ReturnType<typeof workingDirectory>;
}

/** What the checks of a run are told of the command line and the settings. */
export const contextOptionsOf = (
  args: ExamineArguments,
  { doctor }: Pick<Settled, 'doctor'>,
  { env, directory: { cwd, isGone } }: Place,
): ContextOptions => ({
  target: doctor.target.value,
  home: args.home,
  cwd,
  ...(isGone && { cwdIsGone: true }),
  env,
  overrides: { set: args.c, enable: args.enable, disable: args.disable },
  exec: !doctor.noExec.value,
  deep: args.deep,
  offline: doctor.offline.value,
  noColor: args['no-color'],
});
