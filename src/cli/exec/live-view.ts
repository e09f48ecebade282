import type { ChalkInstance } from 'chalk';
import { shellCommand } from '../../host/shell-path.ts';
import { formatNumber } from '../../host/units.ts';
import type { EventMsg } from '../../agent/protocol/event.ts';
import { visible } from '../../redact/control.ts';

/** Lines of a command's output that are shown: its end says how it went. */
const SHOWN_OUTPUT_LINES = 12;

const SHOWN_PROMPT_LINES = 20;
const SHOWN_PROMPT_CHARACTERS = 2_000;

/** What the head of the view says. */
export interface RunFacts {
  readonly version: string;
  readonly provider: string;
  readonly approval: string;
  readonly sandbox: string;
}

export interface LiveView {
  /** The text that an event adds; empty for most. */
  readonly accept: (msg: EventMsg) => string;
}

/**
 * A turn for somebody who watches: one short block for each thing that happens. Commands and answers of a model are foreign
 * text, so what would steer the terminal is made visible. The last message is left to standard output.
 */
export function createLiveView(facts: RunFacts, style: ChalkInstance): LiveView {
  let pending: string | undefined;

  const render = (msg: EventMsg): string => {
    switch (msg.type) {
      case 'session_configured':
        return block(
          style.bold(`stethos ${facts.version}`),
          ...Object.entries({
            workdir: msg.cwd,
            model: msg.model,
            provider: facts.provider,
            approval: facts.approval,
            sandbox: facts.sandbox,
            thread: msg.thread_id,
          }).map(([label, value]) => `${style.dim(`${label}:`)} ${visible(value)}`),
        );
      case 'user_message':
        return block(style.cyan('prompt'), headOf(msg.message));
      case 'agent_reasoning':
        return block(style.magenta('thinking'), style.italic(visible(msg.text)));
      case 'exec_command_begin':
        return msg.source === 'unified_exec_interaction'
          ? ''
          : `${style.yellow('$')} ${visible(shellCommand(msg.command))} ${style.dim(`in ${visible(msg.cwd)}`)}\n`;
      case 'exec_command_end':
        return msg.source === 'unified_exec_interaction'
          ? ''
          : block(outcomeOf(msg), tailOf(msg.aggregated_output));
      case 'patch_apply_end':
        return block(
          msg.success
            ? style.green('changed files')
            : style.red(`no patch: ${visible(firstLine(msg.stderr))}`),
          ...msg.changes.map(({ kind, path }) => `  ${LETTERS[kind]} ${visible(path)}`),
        );
      case 'mcp_startup_complete':
        return msg.failed
          .map(({ server, error }) =>
            block(`${style.yellow('warning:')} no tools of MCP server ${visible(server)}: ${visible(error)}`),
          )
          .join('');
      case 'mcp_tool_call_begin':
        return `${style.yellow('tool')} ${visible(`${msg.invocation.server}.${msg.invocation.tool}`)}\n`;
      case 'mcp_tool_call_end':
        return 'Err' in msg.result
          ? block(style.red(`failed: ${visible(msg.result.Err)}`))
          : block(
              msg.result.Ok.isError ? style.red('the tool says that it failed') : style.green('answered'),
            );
      case 'plan_update':
        return block(
          style.cyan('plan'),
          ...msg.plan.map(({ status, step }) => `  ${MARKS[status]} ${visible(step)}`),
        );
      case 'web_search_end':
        return block(`${style.yellow('searched')} ${visible(msg.query)}`);
      case 'view_image_tool_call':
        return block(`${style.yellow('looked at')} ${visible(msg.path)}`);
      case 'warning':
        return block(`${style.yellow('warning:')} ${visible(msg.message)}`);
      case 'deprecation_notice':
        return block(`${style.yellow('deprecated:')} ${visible(msg.summary)}`);
      case 'model_reroute':
        return block(style.yellow(`${visible(msg.to_model)} answers instead of ${visible(msg.from_model)}`));
      case 'context_compacted':
        return block(style.cyan('the conversation was shortened'));
      case 'stream_error':
        return block(
          `${style.yellow('again:')} ${visible(msg.message)}${msg.details ? `: ${visible(msg.details)}` : ''}`,
        );
      case 'error':
        return block(`${style.red('error:')} ${visible(msg.message)}`);
      case 'turn_aborted':
        return block(style.red(`the turn was ${msg.reason}`));
      default:
        return '';
    }
  };

  const outcomeOf = ({
    status,
    exit_code,
    duration_ms,
  }: Extract<EventMsg, { type: 'exec_command_end' }>): string => {
    if (status === 'declined') return style.red('  not run: declined');
    // No program ends with a negative code: there was none.
    if (exit_code < 0) return style.red('  not run');
    const text = `  exit code ${exit_code} after ${(duration_ms / 1000).toFixed(1)} s`;
    return exit_code === 0 ? style.dim(text) : style.red(text);
  };

  return {
    accept: (msg) => {
      // A message is shown when it turns out not to be the last one.
      if (msg.type === 'agent_message') {
        const earlier = pending;
        pending = msg.message;
        return earlier === undefined ? '' : block(style.cyan('agent'), visible(earlier));
      }
      const text = render(msg);
      if (text === '' || pending === undefined) return text;
      const earlier = block(style.cyan('agent'), visible(pending));
      pending = undefined;
      return earlier + text;
    },
  };
}

/** A title with what belongs to it, and an empty line. */
const block = (title: string, ...lines: readonly string[]): string =>
  `${[title, ...lines.filter((line) => line !== '')].join('\n')}\n\n`;

const LETTERS = { add: 'A', delete: 'D', update: 'M' } as const;
const MARKS = { pending: '[ ]', in_progress: '[~]', completed: '[x]' } as const;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** What is piped in may be a whole log. */
function headOf(prompt: string): string {
  const start = prompt.slice(0, SHOWN_PROMPT_CHARACTERS);
  const lines = start.trimEnd().split('\n').slice(0, SHOWN_PROMPT_LINES);
  const left = prompt.trimEnd().length - lines.join('\n').length;
  const more = left > 0 ? `\n… ${formatNumber(left)} characters more` : '';
  return `${visible(lines.join('\n'))}${more}`;
}

function tailOf(output: string): string {
  const lines = visible(output).trimEnd().split('\n');
  const left = lines.length - SHOWN_OUTPUT_LINES;
  const shown =
    left > 0 ? [`… ${formatNumber(left)} lines before`, ...lines.slice(-SHOWN_OUTPUT_LINES)] : lines;
  return shown.map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
}
