import { visibleInOneLine } from '../../redact/control.ts';
import { formatElapsed, formatNumber } from '../../host/units.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import { barOf } from './axis.ts';
import type { Axis } from './axis.ts';
import type { PageContext } from './context.ts';
import type { Html } from '../../page/html.ts';
import { lookUp } from './names.ts';
import { stepDetails } from './step-details.ts';
import type { Step, StepKind } from './story.ts';

/** What a reader calls it. */
export const KIND_NAMES: Readonly<Record<StepKind, string>> = {
  inference: 'model',
  tool: 'tool',
  terminal: 'terminal',
  session: 'terminal',
  mcp: 'MCP',
  agent: 'agent',
  code: 'code',
  compaction: 'compaction',
};

/** A sign besides the colour and the word. */
const SIGNS: Readonly<Record<ExecutionStatus, string>> = {
  running: '…',
  completed: '✓',
  failed: '✕',
  cancelled: '⊘',
  aborted: '⊘',
};

export const statusMark = ({ html }: Pick<PageContext, 'html'>, status: ExecutionStatus): Html =>
  html`<span class="state ${status}"><span aria-hidden="true">${SIGNS[status]}</span> ${status}</span>`;

export const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)}%`;

/** What took no time is drawn all the same: two pixels wide. */
export const barWidth = (fraction: number): string => (fraction < SLIM ? '2' : percent(fraction));
const SLIM = 0.002;

/** A name fills no more than its column; what is hidden of it stands below. */
const TITLE_CHARACTERS = 100;
const HINT_CHARACTERS = 160;

/** A step: one line with its bar, and below it everything else that is known. */
export function stepRow(page: PageContext, step: Step, axis: Axis): Html {
  const { html, excerpt } = page;
  const { number, subject, status } = step;
  const bar = barOf(axis, step);
  const hint = hintOf(page, step);
  return html`<li class="step ${subject.kind} ${status}" id="s${number}">
    <details>
      <summary>
        <span class="name"
          ><span class="kind">${KIND_NAMES[subject.kind]}</span>
          <bdi>${excerpt(visibleInOneLine(step.title), TITLE_CHARACTERS)}</bdi
          >${hint === '' ? html`` : html` <bdi class="hint">${excerpt(visibleInOneLine(hint), HINT_CHARACTERS)}</bdi>`}</span
        >
        <span class="chart"
          ><svg aria-hidden="true" focusable="false">
            ${
              bar
                ? html`<rect
                    class="bar${bar.goesOn ? ' open' : ''}"
                    x="${percent(bar.left)}"
                    y="5"
                    width="${barWidth(bar.width)}"
                    height="12"
                    rx="3"
                  />`
                : html``
            }
          </svg></span
        >
        <span class="took"
          ><span class="sr">took</span>
          ${step.endMs === null ? '—' : formatElapsed(step.endMs - step.startMs)}<span class="sr"
            >, began after ${formatElapsed(step.startMs - axis.startMs)}</span
          ></span
        >
        ${statusMark(page, status)}
      </summary>
      <div class="more">${stepDetails(page, step)}</div>
    </details>
  </li> `;
}

/** What tells it from its neighbours: the command, the tokens, the attempt. */
function hintOf({ trace }: PageContext, { subject }: Step): string {
  switch (subject.kind) {
    case 'inference': {
      const { usage } = subject.call;
      const { number, isUnauthorized } = subject.attempt;
      return [
        ...(isUnauthorized ? ['401 unauthorized'] : []),
        ...(number > 1 ? [`attempt ${number}`] : []),
        ...(usage
          ? [`${formatNumber(usage.input_tokens)} → ${formatNumber(usage.output_tokens)} tokens`]
          : []),
      ].join(' · ');
    }
    case 'code':
      return subject.cell.source_js;
    case 'session':
      return `${subject.session.operation_ids.length} operations`;
    case 'compaction':
      return '';
    default: {
      const { summary, terminal_operation_id: id } = subject.tool;
      const request = lookUp(trace.terminal_operations, id)?.request;
      if (request?.type === 'exec_command') return request.display_command;
      if (request) return request.stdin;
      return summary.type === 'generic' ? (summary.input_preview ?? '') : '';
    }
  }
}
