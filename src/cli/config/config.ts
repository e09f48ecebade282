import { files } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { readSettingsFile, settingsPlaces } from '../../settings/files.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { SettingsFault } from '../../settings/settings.ts';
import { faultText } from '../../settings/words.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { faultsOfFile, faultsOfSettings } from './faults.ts';
import { buildConfigOptions, configOptions } from './options.ts';
import type { ConfigArguments } from './options.ts';
import { configText, pathText } from './text.ts';
import { configView, redactedFiles, redactedView } from './view.ts';
import type { ShownFile } from './view.ts';

/** `stethos config`, `stethos config path` and `stethos config check`. */
export const config: Command = async (argv, parser) => {
  const args = buildConfigOptions(parser(argv, 'stethos config', configOptions)).parseSync();
  if (isAnswered(args)) return;
  const { env } = process;
  const { cwd } = workingDirectory(env);
  const { text, exitCode } = await runConfig(args, { env, cwd, nowMs: Date.now() });
  finish(text, { exitCode, what: 'the settings', unwritten: EXIT_FAILED });
};

interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly nowMs: number;
}

/** Redacted. */
interface Answer {
  readonly data: object;
  readonly text: () => Promise<string>;
  readonly exitCode: number;
}

/** @throws UsageError */
export async function runConfig(
  args: ConfigArguments & { readonly _: readonly (string | number)[] },
  surroundings: Surroundings,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const redactor = createRedactor(redactionOfUser(surroundings, files));
  const { data, text, exitCode } = await answer(args, surroundings, redactor);
  return { text: args.json ? `${JSON.stringify(data, undefined, INDENT)}\n` : await text(), exitCode };
}

async function answer(
  args: Parameters<typeof runConfig>[0],
  surroundings: Surroundings,
  redactor: Redactor,
): Promise<Answer> {
  const [verb, path, ...more] = args._.map(String);
  const surplus = verb === 'check' ? more[0] : path;
  if (surplus !== undefined) throw new UsageError(`config ${verb} takes no ${surplus}.`, EXAMPLE);
  switch (verb) {
    case undefined:
      return answerWithSettings(args, surroundings, redactor);
    case 'path': {
      const places = redactedFiles(shownFiles(surroundings), redactor);
      return {
        data: { schemaVersion: 1, files: places },
        text: () => pathText(places),
        exitCode: EXIT_DONE,
      };
    }
    case 'check':
      return answerWithFaults(
        await (path === undefined ? faultsOfSettings(surroundings) : faultsOfFile(path, surroundings)),
        redactor,
      );
    default:
      throw new UsageError(`config has no ${verb}; it has path and check.`, EXAMPLE);
  }
}

const EXAMPLE = 'For example: stethos config check stethos.toml';
const INDENT = 2;

function answerWithSettings(
  { 'trust-project': trustProject }: ConfigArguments,
  surroundings: Surroundings,
  redactor: Redactor,
): Answer {
  const { env, cwd, nowMs } = surroundings;
  const read = readSettings({ env, cwd, files, trustProject });
  if (read.kind === 'faulty') return answerWithFaults(read.faults, redactor);
  const view = redactedView(configView(read.settings, shownFiles(surroundings), dayOf(nowMs)), redactor);
  return { data: view, text: () => configText(view), exitCode: EXIT_DONE };
}

const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, '2026-11-20'.length);

function answerWithFaults(found: readonly SettingsFault[], redactor: Redactor): Answer {
  const faults = redactor.value(found);
  const valid = faults.length === 0;
  return {
    data: { schemaVersion: 1, valid, faults },
    text: () =>
      Promise.resolve(
        valid
          ? 'Every setting can be followed.\n'
          : faults.map((fault) => `${redactor.text(faultText(fault))}\n`).join(''),
      ),
    exitCode: valid ? EXIT_DONE : EXIT_FAILED,
  };
}

function shownFiles({ env, cwd }: Surroundings): readonly ShownFile[] {
  return settingsPlaces({ env, cwd, files, platform: process.platform }).map(({ kind, path, shown }) => ({
    kind,
    path,
    exists: readSettingsFile(path, shown, files).kind !== 'absent',
  }));
}
