import { scheduler } from 'node:timers/promises';
import { summary } from '../../../reporters/summary.ts';
import { targetOf } from '../../doctor/context.ts';
import { examine } from '../../doctor/examine.ts';
import { dayOf } from '../../doctor/gate/waivers.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import { EXIT } from '../../doctor/report.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import { settingsNotes } from '../../settings/words.ts';
import { redactionOf } from '../../target/redaction.ts';
import { isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { assemble } from '../doctor/checks.ts';
import type { Assembly } from '../doctor/checks.ts';
import { contextOptionsOf } from '../doctor/context-options.ts';
import { listenToInterrupt } from '../doctor/interrupt.ts';
import { select } from '../doctor/select.ts';
import { settle } from '../doctor/settle.ts';
import { parseDuration } from '../duration.ts';
import { finish } from '../finish.ts';
import { styleFor } from '../style.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { conditionOf, judge, stateOf } from './condition.ts';
import { buildWaitOptions, waitOptions } from './options.ts';
import type { WaitArguments } from './options.ts';
import { createTeller, seconds } from './tell.ts';
import { waitUntil } from './wait-until.ts';
import type { Look, Waited } from './wait-until.ts';

/** `stethos wait`: examines again until all is well or the time is over. */
export const wait: Command = async (argv, parser) => {
  const args = buildWaitOptions(parser(argv, 'stethos wait', waitOptions)).parseSync();
  if (isAnswered(args)) return;
  const { env } = process;
  const directory = workingDirectory(env);
  const condition = conditionOf(args.until);
  if (condition.checks !== undefined && args.only.length > 0)
    throw new UsageError('--until names the checks already.', 'Leave --only out, or wait --until ok.');
  const forMs = parseDuration(args.for, '--for');
  const everyMs = parseDuration(args.every, '--every');
  const settlement = settle(args, { env, cwd: directory.cwd });
  const { settings, doctor: settled } = settlement;
  const context = contextOptionsOf(args, settlement, { env, directory });
  const timeoutMs = Math.min(parseDuration(settled.timeout.value, '--timeout'), forMs);
  const signal = listenToInterrupt();
  const { registry, close } = await assemble({ settings, plugins: args.plugin, context, signal, timeoutMs });
  const selection = await orClose(close, () =>
    select(registry, {
      only: condition.checks === undefined ? settled.only.value : [condition.checks],
      skip: settled.skip.value,
      networkOnly: args['network-only'],
    }),
  );
  const begun = systemClock.elapsed();
  const teller = createTeller({
    write: (text) => process.stderr.write(text),
    columns: process.stderr.isTTY && env['TERM'] !== 'dumb' ? process.stderr.columns : undefined,
    isAscii: args.ascii,
    elapsedMs: () => systemClock.elapsed() - begun,
    forMs,
  });
  for (const { text } of settingsNotes(settings, settled)) teller.say(text);

  const look = async (leftMs: number): Promise<Look & { readonly report: RedactedReport }> => {
    teller.looking();
    const target = targetOf(context);
    const report = await examine(registry, {
      context,
      target,
      ...selection,
      timeoutMs: Math.min(timeoutMs, leftMs),
      signal,
    });
    const { gate, isReached } = await judge(report, condition, {
      waivers: settings.waivers,
      today: dayOf(systemClock.now()),
      known: registry.checks.map(({ id }) => id),
    });
    const redacted = redactReport({ ...report, gate }, redactionOf(target, files));
    return { isReached, state: stateOf(report), report: redacted };
  };
  const waited = await waitUntil({
    forMs,
    everyMs,
    clock: systemClock,
    signal,
    look,
    pause: (durationMs) => scheduler.wait(durationMs, { signal }).catch(() => undefined),
    onLook: ({ report }, more) => teller.seen(report, more),
  });
  teller.end();
  await close();
  teller.say(`${OUTCOMES[waited.outcome].words} ${countOf(waited, condition.words)}`);
  const text = waited.outcome === 'reached' ? '' : await pageOf(waited.last.report, args);
  finish(text, {
    exitCode: OUTCOMES[waited.outcome].exitCode,
    what: 'the report',
    unwritten: EXIT.incomplete,
  });
};

const OUTCOMES = {
  reached: { words: 'reached', exitCode: EXIT.healthy },
  late: { words: 'not reached', exitCode: EXIT.threshold },
  interrupted: { words: 'interrupted before it reached', exitCode: EXIT.interrupted },
} as const;

/** `ok after 3.2 s, 2 examinations`. */
const countOf = ({ looks, durationMs }: Waited<Look>, words: string): string =>
  `${words} after ${seconds(durationMs)}, ${looks} ${looks === 1 ? 'examination' : 'examinations'}`;

const pageOf = async (report: RedactedReport, args: WaitArguments): Promise<string> =>
  summary(report, await styleFor({ noColor: args['no-color'], ascii: args.ascii, all: false }));

async function orClose<Value>(close: Assembly['close'], work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    await close();
    throw error;
  }
}
