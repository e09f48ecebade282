import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { FAIL_ON } from '../../doctor/report.ts';
import { repeatable } from '../repeatable.ts';

const EXAMINE = 'What is examined:';
const CHECKS = 'Which checks, and how deep:';
const GATE = 'The gate:';
const OUTPUT = 'Output:';

export const doctorOptions = {
  target: {
    group: EXAMINE,
    choices: ['auto', 'codex', 'stethos'] as const,
    defaultDescription: 'auto',
    requiresArg: true,
    describe: 'The agent; auto takes the home that exists, codex when several do',
  },
  home: {
    group: EXAMINE,
    type: 'string',
    requiresArg: true,
    describe: "The agent's home directory instead of the one it would use",
  },
  c: {
    group: EXAMINE,
    alias: 'config',
    ...repeatable,
    describe: 'Override a key of the examined configuration: -c key=value',
  },
  enable: { group: EXAMINE, ...repeatable, describe: 'Examine with this feature flag on' },
  disable: { group: EXAMINE, ...repeatable, describe: 'Examine with this feature flag off' },
  from: {
    group: EXAMINE,
    type: 'string',
    requiresArg: true,
    describe: 'Examine nothing: show and judge a report of stethos or codex; - reads standard input',
  },
  plugin: {
    group: CHECKS,
    ...repeatable,
    describe: 'Also load checks and formats of this file or package',
  },
  'trust-project': {
    group: CHECKS,
    type: 'boolean',
    default: false,
    describe: "Follow the project's stethos.toml also where it names code, commands and files to write",
  },
  only: { group: CHECKS, ...repeatable, describe: 'Run these checks: ids or globs, comma lists, repeatable' },
  skip: { group: CHECKS, ...repeatable, describe: 'Leave these checks out; wins over --only' },
  list: { group: CHECKS, type: 'boolean', default: false, describe: 'List the checks and stop' },
  explain: { group: CHECKS, type: 'string', requiresArg: true, describe: 'Explain one check and stop' },
  'network-only': {
    group: CHECKS,
    type: 'boolean',
    default: false,
    describe: 'Run the checks of the connection and what they build on',
  },
  offline: { group: CHECKS, type: 'boolean', default: false, describe: 'Talk to no other machine' },
  'no-exec': {
    group: CHECKS,
    type: 'boolean',
    default: false,
    describe: 'Run no helper program (git, rg, tmux …)',
  },
  deep: {
    group: CHECKS,
    type: 'boolean',
    default: false,
    describe:
      'Also try the real sandbox, start configured MCP servers, take a turn (spends tokens) and read every file',
  },
  timeout: {
    group: CHECKS,
    type: 'string',
    requiresArg: true,
    defaultDescription: '30s',
    describe: 'Deadline of the whole run: 30, 30s, 1500ms, 2m',
  },
  format: {
    group: OUTPUT,
    ...repeatable,
    describe:
      'How and where the report is written: NAME[=FILE], repeatable. Names: human, summary, json, codex, ndjson, health+json, junit, nagios, prometheus, sarif, tap, html, markdown, github, and those of plugins',
    defaultDescription: 'human',
  },
  watch: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: 'Examine again and again, and say what changed; Ctrl-C ends it',
  },
  every: {
    group: OUTPUT,
    type: 'string',
    requiresArg: true,
    default: '10s',
    describe: 'Pause between two runs of --watch: 30s, 2m; a second at least',
  },
  json: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: '--format json: one document (schema: stethos/report.schema.json)',
  },
  summary: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: '--format summary: one line per check',
  },
  all: { group: OUTPUT, type: 'boolean', default: false, describe: 'Show whole lists' },
  ascii: { group: OUTPUT, type: 'boolean', default: false, describe: 'Plain ASCII only' },
  'no-color': { group: OUTPUT, type: 'boolean', default: false, describe: 'No colours' },
  'fail-on': {
    group: GATE,
    choices: FAIL_ON,
    defaultDescription: 'fail',
    requiresArg: true,
    describe: 'What makes the exit code 1',
  },
  baseline: {
    group: GATE,
    type: 'string',
    requiresArg: true,
    describe: 'A report of before: only what is new makes the exit code 1',
  },
  history: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: 'Keep the report on this machine, for stethos history',
  },
  'anchor-file': {
    group: OUTPUT,
    type: 'string',
    requiresArg: true,
    describe: 'The file of the repository at which SARIF and GitHub show what has no file of its own there',
  },
  otel: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: 'Also send the run as a trace with gauges to the OpenTelemetry collector ([otel], OTEL_*)',
  },
  sentry: {
    group: OUTPUT,
    type: 'boolean',
    default: false,
    describe: 'Also send the run to Sentry, with the redacted report attached',
  },
  dsn: {
    group: OUTPUT,
    type: 'string',
    requiresArg: true,
    describe: 'Where --sentry sends to; default: STETHOS_SENTRY_DSN, SENTRY_DSN, the configuration',
  },
} as const satisfies Record<string, Options>;

export type DoctorArguments = InferredOptionTypes<typeof doctorOptions>;

export function buildDoctorOptions(command: Argv): Argv<DoctorArguments> {
  return command
    .usage(
      '$0 [options]\n\nExamines the coding agent on this machine and names the fault. Reads only: nothing in its home changes.',
    )
    .options(doctorOptions)
    .epilogue(
      'Exit codes: 0 passed, 1 a row at or above --fail-on counts, 2 wrong command line or settings, 3 a check crashed or ran out of time, or a report was not written, 130 interrupted.',
    );
}
