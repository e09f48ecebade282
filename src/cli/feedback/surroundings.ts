import type { DoctorRun } from '../../feedback/doctor-report.ts';
import { files } from '../../host/files.ts';
import { createNetwork } from '../../net/network.ts';
import type { Network } from '../../net/network.ts';
import type { RedactorOptions } from '../../redact/redactor.ts';
import { booleanAt } from '../../target/config/facts.ts';
import { chooseHome } from '../../target/home.ts';
import type { ChosenHome, Environment } from '../../target/home.ts';
import type { ProfileId } from '../../target/profile.ts';
import { redactionOf } from '../../target/redaction.ts';
import { createTarget } from '../../target/target.ts';

/** Where a report comes from and what it passes on its way. */
export interface FeedbackSurroundings {
  readonly home: ChosenHome;
  readonly cwd: string;
  readonly logDatabase: string | undefined;
  readonly stateDatabase: string | undefined;
  /** The file that switches feedback off; undefined where it is on. */
  readonly switchedOffBy: string | undefined;
  readonly doctor: DoctorRun;
  readonly redaction: RedactorOptions;
  /** stethos' own home, whatever home is examined. */
  readonly stethosHome: string;
  readonly network: Network;
}

/** Looks at files only, and changes none. */
export function surroundingsOf(choice: {
  readonly target: ProfileId | 'auto';
  readonly home: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly launcher: string;
}): FeedbackSurroundings {
  const { env, cwd, launcher } = choice;
  const home = chooseHome(choice, files);
  const overrides = { set: [], enable: [], disable: [] };
  const target = createTarget({ home, cwd, env, files, overrides });
  const { databases } = target.databases();
  const pathOf = (file: string): string | undefined =>
    databases.find(({ profile, look }) => profile?.file === file && look.kind !== 'missing')?.path;
  const config = target.config();
  const isOff = booleanAt(config.effective, 'feedback.enabled') === false;
  return {
    home,
    cwd,
    logDatabase: pathOf('logs_2.sqlite'),
    stateDatabase: pathOf('state_5.sqlite'),
    switchedOffBy: isOff ? (config.sourceOf('feedback.enabled')?.origin ?? 'the configuration') : undefined,
    doctor: {
      command: [
        process.execPath,
        launcher,
        'doctor',
        '--json',
        '--target',
        home.profile.id,
        '--home',
        home.path,
      ],
      cwd,
      env,
    },
    redaction: redactionOf(target, files),
    stethosHome: chooseHome({ target: 'stethos', cwd, env }, files).path,
    network: createNetwork({
      environment: () => target.environment(),
      caVariables: home.profile.caVariables,
      files,
      cwd,
    }),
  };
}
