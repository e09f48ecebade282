import { NAGIOS_EXIT, nagiosLine, nagiosState, nagios as report } from '../../../reporters/nagios.ts';
import type { NagiosState } from '../../../reporters/nagios.ts';
import { targetOf } from '../../doctor/context.ts';
import { examine } from '../../doctor/examine.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import { files } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import { settingsNotes } from '../../settings/words.ts';
import { redactionOf, redactionOfUser } from '../../target/redaction.ts';
import { isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { assemble } from '../doctor/checks.ts';
import { contextOptionsOf } from '../doctor/context-options.ts';
import { judge } from '../doctor/judge.ts';
import { select } from '../doctor/select.ts';
import { settle } from '../doctor/settle.ts';
import { parseDuration } from '../duration.ts';
import { finish } from '../finish.ts';
import { PLAIN } from '../style.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildNagiosOptions, nagiosOptions } from './options.ts';
import type { NagiosArguments } from './options.ts';

/**
 * `stethos nagios`: one line and the exit code of the state. Nothing else ends it: a server reads a 2 as CRITICAL, which
 * a mistyped option is not, and shows standard output alone.
 */
export const nagios: Command = async (argv, parser) => {
  try {
    const args = buildNagiosOptions(parser(argv, 'stethos nagios', nagiosOptions)).parseSync();
    if (isAnswered(args)) return;
    const examined = await lookAt(args);
    end(await report(examined, PLAIN), nagiosState(examined));
  } catch (error) {
    const { env } = process;
    const redaction = redactionOfUser({ env, cwd: workingDirectory(env).cwd }, files);
    const words = createRedactor(redaction).text(wordsOf(error));
    end(`${nagiosLine('UNKNOWN', words)}\n`, 'UNKNOWN');
  }
};

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // By its member: the parser is of another bundle, with classes of its own.
  return 'hint' in error && typeof error.hint === 'string' ? `${error.message} ${error.hint}` : error.message;
}

const end = (line: string, state: NagiosState): never =>
  finish(line, { exitCode: NAGIOS_EXIT[state], what: 'the line', unwritten: NAGIOS_EXIT.UNKNOWN });

async function lookAt(args: NagiosArguments): Promise<RedactedReport> {
  const { env } = process;
  const directory = workingDirectory(env);
  const settlement = settle(args, { env, cwd: directory.cwd });
  const { settings, doctor: settled } = settlement;
  const context = contextOptionsOf({ ...args, ...NOTHING_SPECIAL }, settlement, { env, directory });
  const timeoutMs = parseDuration(settled.timeout.value, '--timeout');
  const signal = listenToEnd();
  const { registry, close } = await assemble({ settings, plugins: args.plugin, context, signal, timeoutMs });
  try {
    const selection = await select(registry, {
      only: settled.only.value,
      skip: settled.skip.value,
      networkOnly: args['network-only'],
    });
    const target = targetOf(context);
    const examined = await examine(registry, { context, target, ...selection, timeoutMs, signal });
    const judged = await judge(examined, {
      // Warnings have a state of their own, so that waivers answer for them too.
      gate: { failOn: 'warn', waivers: settings.waivers },
      notes: settingsNotes(settings, settled),
      known: registry.checks.map(({ id }) => id),
    });
    return redactReport(judged, redactionOf(target, files));
  } finally {
    await close();
  }
}

/** What a server does not ask for every few minutes. */
const NOTHING_SPECIAL = { c: [], enable: [], disable: [], deep: false, 'no-color': true };

/** A server that has waited long enough says so first with SIGTERM: there is time for the line then. */
function listenToEnd(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (interrupt.signal.aborted) process.exit(NAGIOS_EXIT.UNKNOWN);
      interrupt.abort();
    });
  return interrupt.signal;
}
