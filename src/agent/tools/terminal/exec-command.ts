import type { Clock } from '../../../host/clock.ts';
import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool, ToolCall, ToolContext, ToolResult } from '../tool.ts';
import {
  COMMON_PROPERTIES,
  commandDirectory,
  commandRequest,
  commonSchema,
  outputLimit,
} from './command-arguments.ts';
import { commandEnvironment } from './environment.ts';
import { START_WAIT, waitMsOf } from './limits.ts';
import type { TerminalRegistry } from './manager.ts';
import { reportOn } from './report.ts';
import { runCommand } from './run-command.ts';
import type { RunnerOptions } from './run-command.ts';
import { createSession } from './session.ts';
import { shellArguments } from './shell.ts';

/** What the tools that start commands share. */
export interface CommandToolOptions extends RunnerOptions {
  readonly registry: TerminalRegistry;
  readonly clock: Clock;
  readonly random: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's. */
  readonly shell: string;
  /** Runs a command that is nothing but a patch as that patch; undefined when it is another command. */
  readonly interceptPatch?: (
    argv: readonly string[],
    cwd: string,
    call: ToolCall,
    context: ToolContext,
  ) => Promise<ToolResult | undefined>;
}

const SPEC = {
  type: 'function',
  name: 'exec_command',
  description:
    'Runs a shell command. Answers with its output and exit code; a command that still runs after yield_time_ms goes on ' +
    'in the background and answers with a session ID for write_stdin.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      cmd: { type: 'string', description: 'The shell command.' },
      shell: { type: 'string', description: 'Shell to run it in, such as /bin/bash. Default: the user’s.' },
      tty: {
        type: 'boolean',
        description:
          'Gives the command a terminal, for programs that are talked to. Default false: its input is closed.',
      },
      yield_time_ms: {
        type: 'number',
        description: 'How long to wait for it, in milliseconds. Default 10000, from 250 to 30000.',
      },
      max_output_tokens: {
        type: 'number',
        description: 'How much output to answer with; what is longer loses its middle. Default 10000.',
      },
      ...COMMON_PROPERTIES,
    },
    required: ['cmd'],
    additionalProperties: false,
  },
} as const satisfies ToolSpec;

/** `exec_command`: a command that may go on in the background (spec/agent-core.md 2.2). */
export function createExecCommand(options: CommandToolOptions): Tool {
  const { registry, clock, random, env, shell, interceptPatch } = options;
  return {
    name: SPEC.name,
    spec: SPEC,
    parallel: true,
    async handle(call, context) {
      const args = await parseArguments(call, (zod) =>
        zod.object({
          cmd: zod.string().min(1),
          shell: zod.string().nullish(),
          tty: zod.boolean().nullish(),
          yield_time_ms: zod.number().nullish(),
          max_output_tokens: zod.number().nullish(),
          ...commonSchema(zod),
        }),
      );
      const argv = shellArguments(args.shell ?? shell, { script: args.cmd, login: args.login ?? true });
      const cwd = commandDirectory(args, context);
      const patched = await interceptPatch?.(argv, cwd, call, context);
      if (patched) return patched;
      const request = commandRequest({ argv, cwd, call }, args);
      const facts = {
        callId: call.callId,
        turnId: context.turnId,
        argv,
        cwd,
        tty: args.tty ?? false,
        source: 'unified_exec_startup',
      } as const;
      const session = registry.open((processId) =>
        createSession({ ...facts, processId }, { context, clock }),
      );
      try {
        const outcome = await runCommand(
          {
            session,
            request,
            context,
            env: commandEnvironment(env, { threadId: context.threadId, reader: 'model' }),
            waitMs: waitMsOf(args.yield_time_ms, START_WAIT),
          },
          options,
        );
        const truncation = outputLimit(args, context.model);
        return reportOn(session, { ...outcome, truncation, random });
      } finally {
        // Also behind an interrupt a live process stays, and can be found.
        if (session.process() === undefined || session.exitCode() !== undefined) registry.close(session);
      }
    },
  };
}
