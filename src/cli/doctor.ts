import { builtInChecks } from '../../checks/index.ts';
import { FORMATS } from '../../reporters/formats.ts';
import { createRegistry } from '../doctor/registry.ts';
import type { Registry } from '../doctor/registry.ts';
import { nearest, networkChecks, selectChecks } from '../doctor/select.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { files } from '../host/files.ts';
import { chooseHome } from '../target/home.ts';
import { chooseOutputs } from './doctor/outputs.ts';
import type { Output } from './doctor/outputs.ts';
import { parseDuration } from './doctor-options.ts';
import type { DoctorArguments } from './doctor-options.ts';
import { runDoctor } from './run-doctor.ts';
import { UsageError } from './usage-error.ts';
import { workingDirectory } from './working-directory.ts';

/** `stethos doctor`: explains, lists or examines. */
export async function doctor(args: DoctorArguments): Promise<void> {
  const registry = createRegistry(builtInChecks);
  if (args.explain !== undefined) return explain(registry, args.explain);
  const selected = await select(registry, args);
  if (args.list) return list(registry, selected);
  const overrides = { set: args.c, enable: args.enable, disable: args.disable };
  for (const override of overrides.set) {
    if (!/^[^=\s][^=]*=/.test(override))
      throw new UsageError(`-c ${override} is not key=value.`, 'For example: -c model_provider=\'"openai"\'');
  }
  const { cwd, isGone } = workingDirectory(process.env);
  await refuseWhatCannotBeSent(args);
  const outputs = chooseOutputs({ words: formatWords(args), formats: FORMATS, cwd });
  const context: ContextOptions = {
    target: args.target,
    home: args.home,
    cwd,
    ...(isGone && { cwdIsGone: true }),
    env: process.env,
    overrides,
    exec: !args['no-exec'],
    deep: args.deep,
    offline: args.offline,
    noColor: args['no-color'],
  };
  await refuseToWriteIntoHome(outputs, context);
  return runDoctor(registry, {
    context,
    selected,
    timeoutMs: parseDuration(args.timeout),
    outputs,
    failOn: args['fail-on'],
    look: { noColor: args['no-color'], ascii: args.ascii, all: args.all },
    otel: args.otel,
    ...(args.sentry && { sentry: { dsn: args.dsn } }),
  });
}

/** The patient is unharmed: a report beside what it is about would change what the next examination sees. */
async function refuseToWriteIntoHome(outputs: readonly Output[], context: ContextOptions): Promise<void> {
  if (outputs.every(({ file }) => file === undefined)) return;
  const { isInside } = await import('./doctor/write-output.ts');
  const home = chooseHome(context, files).path;
  for (const { name, file } of outputs)
    if (file !== undefined && isInside(file, home))
      throw new UsageError(
        `${file} stands in the examined home, which stays as it is.`,
        `Another place: --format ${name}=FILE`,
      );
}

const formatWords = ({ format, json, summary }: DoctorArguments): readonly string[] => [
  ...(json ? ['json'] : []),
  ...(summary ? ['summary'] : []),
  ...format,
];

async function refuseWhatCannotBeSent({ dsn, sentry, otel, offline }: DoctorArguments): Promise<void> {
  if (sentry && offline)
    throw new UsageError('--sentry and --offline exclude each other.', 'Leave one of them out.');
  if (otel && offline)
    throw new UsageError('--otel and --offline exclude each other.', 'Leave one of them out.');
  if (dsn === undefined) return;
  if (!sentry) throw new UsageError('--dsn says where --sentry sends to.', 'Add --sentry, or leave it out.');
  const { parseDsn } = await import('../telemetry/sentry/dsn.ts');
  const read = parseDsn(dsn);
  if (read.kind === 'invalid') throw new UsageError(`--dsn: ${read.problem}.`, read.remedy);
}

async function select(registry: Registry, args: DoctorArguments): Promise<ReadonlySet<string>> {
  const { only, skip, offline, 'network-only': networkOnly } = args;
  if (networkOnly && offline)
    throw new UsageError('--network-only and --offline exclude each other.', 'Leave one of them out.');
  const known = networkOnly ? networkChecks(registry.checks) : registry.checks.map((check) => check.id);
  const selection = await selectChecks(known, { only, skip });
  if (selection.kind === 'unknown') throw unknownCheck(selection.pattern, selection.suggestion);
  if (selection.ids.size === 0)
    throw new UsageError('No check is left to run.', '--skip removes everything that --only names.');
  return selection.ids;
}

function list(registry: Registry, selected: ReadonlySet<string>): void {
  const checks = registry.checks.filter((check) => selected.has(check.id));
  const width = Math.max(...checks.map((check) => check.id.length));
  process.stdout.write(checks.map((check) => `${check.id.padEnd(width)}  ${check.title}\n`).join(''));
}

async function explain(registry: Registry, id: string): Promise<void> {
  const check = registry.get(id);
  if (!check)
    throw unknownCheck(
      id,
      nearest(
        id,
        registry.checks.map((candidate) => candidate.id),
      ),
    );
  const { readFile } = await import('node:fs/promises');
  const { packageFile } = await import('./package-file.ts');
  process.stdout.write(await readFile(packageFile(`docs/checks/${check.id}.md`), 'utf8'));
}

function unknownCheck(pattern: string, suggestion: string | undefined): UsageError {
  return new UsageError(
    `No check is called ${pattern}.`,
    suggestion ? `Did you mean ${suggestion}?` : 'stethos doctor --list names them all.',
  );
}
