import { formatCount, formatElapsed, formatNumber } from '../../host/units.ts';
import type { PageContext } from './context.ts';
import { formatMoment } from './moment.ts';
import { factList } from './fact-list.ts';
import type { Html } from '../../page/html.ts';
import { statusMark } from './step-row.ts';
import type { Step, Story } from './story.ts';
import { sumTokens } from './tokens.ts';

const MODEL_CHARACTERS = 60;

/** What the whole trace comes to: its state, its times, how much of everything. */
export function summary(page: PageContext, story: Story): Html {
  const { html, trace } = page;
  const { started_at_unix_ms: startMs, ended_at_unix_ms: endMs } = trace;
  const turns = story.chapters.filter(({ turn }) => turn !== null).length;
  const root = story.threads.find(({ thread }) => thread.thread_id === trace.root_thread_id);
  const model = root?.thread.default_model ?? null;
  return html`<header class="top">
    <p class="brand">stethos · rollout trace</p>
    <h1>
      ${formatCount(turns, 'turn')}
      ${model === null ? html`` : html`with <bdi>${page.excerpt(model, MODEL_CHARACTERS)}</bdi>`}
      ${endMs === null ? html`` : html`in ${formatElapsed(endMs - startMs)}`}
      ${statusMark(page, trace.status)}
    </h1>
    ${trace.recording_complete ? html`` : html`<p class="note">The recording has no end: the agent still ran, or it died.</p>`}
    ${factList(page, [
      ['trace', trace.trace_id],
      ['rollout', trace.rollout_id],
      ['started', formatMoment(startMs)],
      ['ended', endMs === null ? 'not within this trace' : formatMoment(endMs)],
    ])}
  </header> `;
}

/** The numbers that a reader compares. */
export function counts({ html }: PageContext, { chapters, threads, edges }: Story): Html {
  const steps = chapters.flatMap((chapter) => chapter.steps);
  const calls = ofKind(steps, ['inference']);
  const tools = steps.filter(({ subject }) => 'tool' in subject);
  const tokens = sumTokens(
    calls.map(({ subject }) => (subject.kind === 'inference' ? subject.call.usage : null)),
  );
  const turns = chapters.filter(({ turn }) => turn !== null);
  const tile = (value: string, name: string, more = ''): Html =>
    html`<div class="tile">
      <dt>${name}</dt>
      <dd>${value}${more === '' ? html`` : html` <span class="more-of">${more}</span>`}</dd>
    </div>`;
  const counted = (found: readonly Pick<Step, 'status'>[], name: string): Html =>
    tile(formatNumber(found.length), name, unfinished(found));
  const maybe = (found: readonly unknown[], name: string): Html =>
    found.length === 0 ? html`` : tile(formatNumber(found.length), name);
  return html`<section aria-labelledby="counts">
    <h2 id="counts" class="sr">Counts</h2>
    <dl class="tiles">
      ${counted(turns, 'turns')}${counted(calls, 'model calls')}${counted(tools, 'tool calls')}
      ${maybe(ofKind(steps, ['mcp']), 'of them MCP')}${maybe(ofKind(steps, ['code']), 'code cells')}
      ${maybe(ofKind(steps, ['compaction']), 'compactions')}${maybe(threads.slice(1), 'sub-agents')}${maybe(edges, 'interactions')}
      ${tile(formatNumber(tokens.input), 'tokens in', `${formatNumber(tokens.cached)} cached`)}
      ${tile(formatNumber(tokens.output), 'tokens out', `${formatNumber(tokens.reasoning)} reasoning`)}
    </dl>
  </section> `;
}

const ofKind = (steps: readonly Step[], kinds: readonly string[]): readonly Step[] =>
  steps.filter(({ subject }) => kinds.includes(subject.kind));

function unfinished(found: readonly Pick<Step, 'status'>[]): string {
  const bad = found.filter(({ status }) => status === 'failed').length;
  const stopped = found.filter(({ status }) => status === 'cancelled' || status === 'aborted').length;
  return [...(bad > 0 ? [`${bad} failed`] : []), ...(stopped > 0 ? [`${stopped} stopped`] : [])].join(', ');
}

/** More refusals than this are one story. */
const MAX_REFUSALS = 10;

/** The question of a support engineer: which 401 came first, was a token attached, what did recovery do. */
export function refusals(page: PageContext, { chapters }: Story): Html {
  const { html, rows } = page;
  const found = chapters.flatMap((chapter) =>
    chapter.steps.flatMap(({ subject }) =>
      subject.kind === 'inference' && subject.attempt.isUnauthorized ? [{ chapter, call: subject.call }] : [],
    ),
  );
  if (found.length === 0) return html``;
  return html`<section class="refused" aria-labelledby="refused">
    <h2 id="refused">${formatCount(found.length, 'model call')} answered with 401</h2>
    <ol>
      ${found.slice(0, MAX_REFUSALS).map(({ chapter, call }) => {
        const tags = call.auth_facts ?? {};
        const row = rows.get(call.inference_call_id);
        const place = html`Turn ${chapter.number}, at
        +${formatElapsed(call.execution.started_at_unix_ms - page.trace.started_at_unix_ms)}`;
        return html`<li>
          ${row === undefined ? place : html`<a href="#s${row}">${place}</a>`}${factList(page, [
            ['credential attached', tags['auth_header_attached']],
            ['mode', tags['auth_mode']],
            ['request id', tags['auth_401_request_id']],
            ['cf-ray', tags['auth_401_cf_ray']],
            [
              'error',
              [...new Set([tags['auth_401_error'], tags['auth_401_error_code']])].filter(Boolean).join(', '),
            ],
            [
              'recovery',
              ['mode', 'phase', 'outcome'].flatMap((name) => tags[`auth_recovery_${name}`] || []).join(' → '),
            ],
          ])}
        </li>`;
      })}
    </ol>
    ${found.length > MAX_REFUSALS ? html`<p class="quiet">and ${found.length - MAX_REFUSALS} more</p>` : html``}
  </section> `;
}
