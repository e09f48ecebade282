import { readSettings } from '../../settings/read-settings.ts';
import { effectiveDoctorSettings } from '../../settings/effective.ts';
import type { EffectiveDoctorSettings } from '../../settings/effective.ts';
import type { Settings } from '../../settings/settings.ts';
import { faultText } from '../../settings/words.ts';
import { files } from '../../host/files.ts';
import type { Environment } from '../../target/home.ts';
import type { DoctorArguments } from './options.ts';
import { UsageError } from '../usage-error.ts';

/** What counts for a run of the doctor: the command line, `STETHOS_*` and `stethos.toml` together. */
export interface Settled {
  readonly settings: Settings;
  readonly doctor: EffectiveDoctorSettings;
}

/** Options that a settings file may give as well. Other commands that examine have only those of the first kind. */
type SettledArguments = Pick<
  DoctorArguments,
  'trust-project' | 'target' | 'only' | 'skip' | 'timeout' | 'offline' | 'no-exec'
> &
  Partial<Pick<DoctorArguments, 'fail-on' | 'json' | 'summary' | 'format' | 'baseline' | 'anchor-file'>>;

/**
 * Reads the settings and puts the command line before them.
 * @throws UsageError where a file cannot be followed: a gate with a misread waiver would be no gate
 */
export function settle(
  args: SettledArguments,
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Settled {
  const read = readSettings({ env, cwd, files, trustProject: args['trust-project'] });
  if (read.kind === 'faulty')
    throw new UsageError(
      read.faults.map(faultText).join('\n'),
      'stethos config check says what each key takes.',
    );
  return { settings: read.settings, doctor: effectiveDoctorSettings(read.settings, flagsOf(args)) };
}

function flagsOf(args: SettledArguments): Parameters<typeof effectiveDoctorSettings>[1] {
  return {
    target: args.target,
    only: args.only,
    skip: args.skip,
    failOn: args['fail-on'],
    timeout: args.timeout,
    format: [...(args.json ? ['json'] : []), ...(args.summary ? ['summary'] : []), ...(args.format ?? [])],
    offline: args.offline || undefined,
    noExec: args['no-exec'] || undefined,
    baseline: args.baseline,
    anchorFile: args['anchor-file'],
  };
}
