import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool } from '../tool.ts';
import {
  COMMON_PROPERTIES,
  commandDirectory,
  commandRequest,
  commonSchema,
  outputLimit,
} from './command-arguments.ts';
import { commandEnvironment } from './environment.ts';
import type { CommandToolOptions } from './exec-command.ts';
import { SHELL_TIMEOUT, waitMsOf } from './limits.ts';
import { shellResult } from './output-format.ts';
import { runCommand } from './run-command.ts';
import { createSession } from './session.ts';
import { shellArguments } from './shell.ts';

/** As timeout(1) has it. */
const TIMED_OUT = 124;

const SPEC = {
  type: 'function',
  name: 'shell_command',
  description: 'Runs a shell command to its end and answers with its output and exit code.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      command: { type: 'string', description: 'The shell command.' },
      timeout_ms: {
        type: 'number',
        description: 'After this many milliseconds the command is ended. Default 10000.',
      },
      ...COMMON_PROPERTIES,
    },
    required: ['command'],
    additionalProperties: false,
  },
} as const satisfies ToolSpec;

/**
 * `shell_command`: the older tool, whose commands end with their call (spec/agent-core.md 2.2).
 * @param isShown false: it answers calls of old conversations, and new ones do not learn of it
 */
export function createShellCommand(
  options: CommandToolOptions,
  { isShown }: { readonly isShown: boolean },
): Tool {
  const { registry, clock, env, shell, interceptPatch } = options;
  return {
    name: SPEC.name,
    spec: isShown ? SPEC : undefined,
    parallel: true,
    async handle(call, context) {
      const args = await parseArguments(call, (zod) =>
        zod.object({
          command: zod.string().min(1),
          timeout_ms: zod.number().nullish(),
          ...commonSchema(zod),
        }),
      );
      const argv = shellArguments(shell, { script: args.command, login: args.login ?? true });
      const cwd = commandDirectory(args, context);
      const patched = await interceptPatch?.(argv, cwd, call, context);
      if (patched) return patched;
      const request = commandRequest({ argv, cwd, call }, args);
      const session = createSession(
        {
          processId: undefined,
          callId: call.callId,
          turnId: context.turnId,
          argv,
          cwd,
          tty: false,
          source: 'agent',
        },
        { context, clock },
      );
      const waitMs = waitMsOf(args.timeout_ms, SHELL_TIMEOUT);
      return registry.attend(session, async () => {
        try {
          const outcome = await runCommand(
            {
              session,
              request,
              context,
              env: commandEnvironment(env, { threadId: context.threadId, reader: 'model' }),
              waitMs,
            },
            options,
          );
          const isLate = outcome.exitCode === undefined;
          if (isLate) await session.terminate();
          const { text } = session.takeOutput();
          return shellResult({
            exitCode: outcome.exitCode ?? TIMED_OUT,
            wallTimeMs: outcome.wallTimeMs,
            output: [
              ...(isLate ? [`The command was ended after ${waitMs} milliseconds.\n`] : []),
              text,
              ...(outcome.note === undefined ? [] : [`\n${outcome.note}`]),
            ].join(''),
            truncation: outputLimit({}, context.model),
          });
        } finally {
          // Nobody could come back to it: an interrupt ends it.
          if (session.exitCode() === undefined) await session.terminate();
        }
      });
    },
  };
}
