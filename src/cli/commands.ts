import type { Argv } from 'yargs';
import { buildApplyPatchOptions } from './apply-patch/options.ts';
import { buildBundleOptions } from './bundle/options.ts';
import { buildChecksOptions } from './checks/options.ts';
import { buildCompletionOptions } from './completion/options.ts';
import { buildConfigOptions } from './config/options.ts';
import { buildDiffOptions } from './diff/options.ts';
import { buildDoctorOptions } from './doctor/options.ts';
import { buildExplainOptions } from './explain/options.ts';
import { buildExecOptions, buildResumeOptions } from './exec/options.ts';
import { buildExecpolicyOptions } from './execpolicy/options.ts';
import { buildFeedbackOptions } from './feedback/options.ts';
import { buildHistoryOptions } from './history/options.ts';
import { buildLoginOptions, buildLogoutOptions } from './login/options.ts';
import { buildNagiosOptions } from './nagios/options.ts';
import { buildServeOptions } from './serve/options.ts';
import { buildTraceOptions } from './trace/options.ts';
import { buildWaitOptions } from './wait/options.ts';

export interface CommandPage {
  /** Behind the name of the program. */
  readonly usage: string;
  readonly description: string;
  readonly build: (command: Argv) => Argv;
  /** Verbs whose options differ from those of the command, as `exec resume`. */
  readonly verbs?: Readonly<Record<string, (command: Argv) => Argv>>;
}

/** Every command by its name: what help, completion and the man page are made of. Loads no parser. */
export const COMMANDS: ReadonlyMap<string, CommandPage> = new Map([
  [
    'doctor',
    {
      usage: 'doctor',
      description: 'Examine the coding agent on this machine and name the fault',
      build: buildDoctorOptions,
    },
  ],
  [
    'diff',
    {
      usage: 'diff <before> <after>',
      description: 'Say what changed between two reports',
      build: buildDiffOptions,
    },
  ],
  [
    'wait',
    {
      usage: 'wait',
      description: 'Examine again until all is well or the time is over',
      build: buildWaitOptions,
    },
  ],
  [
    'nagios',
    {
      usage: 'nagios',
      description: 'Examine as a plugin of Nagios: one line and its exit codes',
      build: buildNagiosOptions,
    },
  ],
  [
    'exec',
    {
      usage: 'exec [prompt]',
      description: 'Let the embedded agent do one piece of work',
      build: buildExecOptions,
      verbs: { resume: buildResumeOptions, fork: buildResumeOptions },
    },
  ],
  [
    'login',
    {
      usage: 'login [status]',
      description: 'Sign the embedded agent in with an API key',
      build: buildLoginOptions,
    },
  ],
  ['logout', { usage: 'logout', description: 'Remove the stored login', build: buildLogoutOptions }],
  [
    'execpolicy',
    {
      usage: 'execpolicy check',
      description: 'Say what rules make of a command',
      build: buildExecpolicyOptions,
    },
  ],
  [
    'feedback',
    {
      usage: 'feedback',
      description: 'Tell whoever looks after the agent what happened',
      build: buildFeedbackOptions,
    },
  ],
  [
    'bundle',
    {
      usage: 'bundle <verb> <zip>',
      description: 'Look into a bundle of feedback, check it or redact it again',
      build: buildBundleOptions,
    },
  ],
  [
    'trace',
    {
      usage: 'trace <verb> <path>',
      description: 'Make a model of a recorded trace, or show what happened in it',
      build: buildTraceOptions,
    },
  ],
  [
    'config',
    {
      usage: 'config [path|check]',
      description: 'Say which settings count, and who says so',
      build: buildConfigOptions,
    },
  ],
  [
    'history',
    {
      usage: 'history [verb]',
      description: 'Show earlier runs of the doctor, and which checks come and go',
      build: buildHistoryOptions,
    },
  ],
  [
    'checks',
    {
      usage: 'checks <list|new>',
      description: 'List every check, or make one of your own to begin with',
      build: buildChecksOptions,
    },
  ],
  [
    'serve',
    {
      usage: 'serve',
      description: 'Examine again and again, and tell probes and Prometheus over HTTP',
      build: buildServeOptions,
    },
  ],
  [
    'apply-patch',
    {
      usage: 'apply-patch [patch]',
      description: 'Apply a patch that a model wrote',
      build: buildApplyPatchOptions,
    },
  ],
  [
    'explain',
    {
      usage: 'explain [check|class]',
      description: 'Say what a check looks at, or what a failure class means',
      build: buildExplainOptions,
    },
  ],
  [
    'completion',
    {
      usage: 'completion <shell>',
      description: 'Print what makes a shell complete command lines',
      build: buildCompletionOptions,
    },
  ],
]);
