import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import { ToolFailure } from '../tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { outputLimit } from './command-arguments.ts';
import type { CommandToolOptions } from './exec-command.ts';
import { WRITE_WAIT, waitMsOf } from './limits.ts';
import type { WaitLimits } from './limits.ts';
import { reportOn } from './report.ts';
import type { CommandSession } from './session.ts';

const INTERRUPT = '\u0003';

const SPEC = {
  type: 'function',
  name: 'write_stdin',
  description:
    'Types into a running session of exec_command, or waits for it with empty chars, and answers with what it printed since.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      session_id: { type: 'number', description: 'The session ID that exec_command answered with.' },
      chars: {
        type: 'string',
        description:
          'What to type; the line end is part of it. \\u0003 is Ctrl-C. Default empty: only waits.',
      },
      yield_time_ms: {
        type: 'number',
        description:
          'How long to wait, in milliseconds. After typing: default 250, to 30000. Empty: default and least 5000.',
      },
      max_output_tokens: {
        type: 'number',
        description: 'How much output to answer with; what is longer loses its middle. Default 10000.',
      },
    },
    required: ['session_id'],
    additionalProperties: false,
  },
} as const satisfies ToolSpec;

/** `write_stdin`: talks to a command in the background, or waits for it (spec/agent-core.md 2.2). */
export function createWriteStdin({
  registry,
  clock,
  random,
  pollWait,
}: Pick<CommandToolOptions, 'registry' | 'clock' | 'random'> & {
  /** Of a call that writes nothing. */
  readonly pollWait: WaitLimits;
}): Tool {
  return {
    name: SPEC.name,
    spec: SPEC,
    parallel: false,
    async handle(call, context) {
      const args = await parseArguments(call, (zod) =>
        zod.object({
          session_id: zod.number(),
          chars: zod.string().nullish(),
          yield_time_ms: zod.number().nullish(),
          max_output_tokens: zod.number().nullish(),
        }),
      );
      const chars = args.chars ?? '';
      const session = registry.find(args.session_id);
      const begunAt = clock.elapsed();
      if (session.exitCode() === undefined) {
        interact(session, chars, context);
        context.tell?.({
          type: 'terminal_input',
          turnId: context.turnId,
          callId: call.callId,
          processId: String(args.session_id),
          input: () => chars,
        });
      }
      await session.wait(waitMsOf(args.yield_time_ms, chars === '' ? pollWait : WRITE_WAIT), context.signal);
      const result = reportOn(session, {
        wallTimeMs: clock.elapsed() - begunAt,
        truncation: outputLimit(args, context.model),
        random,
      });
      if (session.exitCode() !== undefined) registry.close(session);
      return result;
    },
  };
}

/** @throws ToolFailure when there is nothing to type into */
function interact(session: CommandSession, chars: string, { emit }: Pick<ToolContext, 'emit'>): void {
  const running = session.process();
  const { callId, processId } = session.facts;
  if (chars !== '' && running?.write === undefined && chars !== INTERRUPT)
    throw new ToolFailure(
      `The input of session ${processId} is closed, because it was started without tty. Only \\u0003 can be sent, which interrupts it.`,
    );
  if (chars !== '' && running?.write) running.write(chars);
  else if (chars !== '') running?.interrupt();
  emit({ type: 'terminal_interaction', call_id: callId, process_id: String(processId), stdin: chars });
}
