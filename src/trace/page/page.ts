import { formatNumber } from '../../host/units.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { ExecutionStatus } from '../model/execution.ts';
import type { RolloutTrace } from '../model/trace.ts';
import { chapterSection } from './chapter.ts';
import type { ChapterParts } from './chapter.ts';
import { mostTelling } from './choose.ts';
import { createContext } from './context.ts';
import type { PageContext, ReadPayload } from './context.ts';
import { pageEnd, pageHead } from '../../page/frame.ts';
import { markupOf } from '../../page/html.ts';
import type { Html } from '../../page/html.ts';
import { overview } from './overview.ts';
import { SCRIPT } from './script.ts';
import { KIND_NAMES } from './step-row.ts';
import { storyOf } from './story.ts';
import type { Chapter, Story, StepKind } from './story.ts';
import { STYLE } from './style.ts';
import { counts, refusals, summary } from './summary.ts';
import { edgesTable, stepsTable } from './tables.ts';

export interface PageLimits {
  /** Rows of the waterfall, in all turns together. */
  readonly steps: number;
  readonly turns: number;
  /** Of texts and payloads; names and commands are shown all the same. */
  readonly characters: number;
}

/** A browser lays out a page of this size at once, and nobody reads further. */
const LIMITS: PageLimits = { steps: 2_000, turns: 400, characters: 4_000_000 };

export interface PageOptions {
  /** Everything that comes from the trace goes through it. */
  readonly redactor: Pick<Redactor, 'text' | 'value'>;
  /** Without it, payloads are named and not shown. */
  readonly readPayload?: ReadPayload;
  /** What of the recording could not be read. */
  readonly leftOut?: string;
  readonly limits?: Partial<PageLimits>;
}

/**
 * A trace as one HTML page that needs nothing else: it asks for no other file, its script is optional, and its policy
 * forbids everything else. All that the trace says is redacted and escaped. Of a long trace it shows what tells most, and
 * says so.
 */
export function* pageOf(trace: RolloutTrace, options: PageOptions): Generator<string> {
  const limits = { ...LIMITS, ...options.limits };
  const story = storyOf(trace);
  const parts = partsOf(story, limits);
  const rows = new Map(parts.flatMap(({ shown }) => shown.map(({ id, number }) => [id, number] as const)));
  const page = createContext({
    trace,
    redactor: options.redactor,
    readPayload: options.readPayload,
    rows,
    maxCharacters: limits.characters,
  });
  const { html } = page;
  const frame = {
    title: html`Rollout ${trace.rollout_id}: ${trace.status}`,
    style: STYLE,
    script: SCRIPT,
  };
  yield pageHead(frame);
  for (const part of body(page, { story, parts, leftOut: options.leftOut })) yield markupOf(part);
  yield pageEnd(frame);
}

function partsOf(story: Story, { steps, turns }: PageLimits): readonly ChapterParts[] {
  const told = new Set(
    mostTelling(
      story.chapters.map((chapter) => ({ ...chapter, status: worstOf(chapter) })),
      turns,
    ).map(({ number }) => number),
  );
  const chapters = story.chapters.filter(({ number }) => told.has(number));
  const kept = new Set(
    mostTelling(
      chapters.flatMap((chapter) => chapter.steps),
      steps,
    ),
  );
  return chapters.map((chapter) => ({ chapter, shown: chapter.steps.filter((step) => kept.has(step)) }));
}

/** A turn that came to a good end may have steps that did not. */
const worstOf = ({ status, steps }: Chapter): ExecutionStatus =>
  steps.find((step) => step.status !== 'completed')?.status ?? status;

interface BodyParts {
  readonly story: Story;
  readonly parts: readonly ChapterParts[];
  readonly leftOut: string | undefined;
}

function* body(page: PageContext, { story, parts, leftOut }: BodyParts): Generator<Html> {
  const { html } = page;
  yield html`<a class="skip" href="#turns">To the turns</a> ${summary(page, story)}
    <main>
      ${leftOut === undefined ? html`` : html`<p class="note">${leftOut}</p>`}
      ${counts(page, story)}${refusals(page, story)}
      <section aria-labelledby="overview">
        <h2 id="overview">Overview</h2>
        <p class="sr">
          The picture that follows shows agents, turns and steps on one axis of time. The table at the end
          says the same.
        </p>
     `;
  yield* overview(page, { story, parts });
  yield html`</section>
${filter(page, story)}<section aria-labelledby="turns"><h2 id="turns" tabindex="-1">Turns</h2>
${bounded(page, story, parts)}`;
  for (const part of parts) yield* chapterSection(page, part);
  yield html`</section>
${edgesTable(page, story)}`;
  yield* stepsTable(page, parts);
  yield html`</main>
<footer><p>Made by <code>stethos trace show --html</code> from ${formatNumber(steps(story))} steps. Secrets, accounts and names of this machine were hidden before this file was written; read it before you pass it on.</p></footer>
`;
}

const steps = ({ chapters }: Story): number =>
  chapters.reduce((sum, chapter) => sum + chapter.steps.length, 0);

/** One line that says what a bounded page leaves out. */
function bounded({ html }: PageContext, story: Story, parts: readonly ChapterParts[]): Html {
  const shown = parts.reduce((sum, part) => sum + part.shown.length, 0);
  if (shown === steps(story) && parts.length === story.chapters.length) return html``;
  return html`<p class="left-out" id="left-out">
    This page shows ${formatNumber(shown)} of ${formatNumber(steps(story))} steps and
    ${formatNumber(parts.length)} of ${formatNumber(story.chapters.length)} turns: what did not come to a good
    end, then what took longest. All of it: <code>stethos trace show --json</code>
  </p> `;
}

const BOXES: readonly StepKind[] = ['inference', 'tool', 'terminal', 'mcp', 'agent', 'code', 'compaction'];

/** Boxes work by style alone; words and keys need the script, which shows them. */
function filter({ html }: PageContext, { chapters }: Story): Html {
  const kinds = new Set(chapters.flatMap((chapter) => chapter.steps.map(({ subject }) => subject.kind)));
  return html`<search class="filter" aria-label="Filter of the steps">
    <input
      type="search"
      id="words"
      aria-label="Words that a step must contain"
      placeholder="Filter ( / )"
      autocomplete="off"
      spellcheck="false"
      data-needs-script
      hidden
    />
    <fieldset>
      <legend class="sr">Kinds of steps to show</legend>
      ${BOXES.filter((kind) => kinds.has(kind)).map(
        (kind) =>
          html`<label class="${kind}"
            ><input type="checkbox" id="show-${kind}" checked autocomplete="off" />${KIND_NAMES[kind]}</label
          > `,
      )}<label class="bad"
        ><input type="checkbox" id="only-bad" autocomplete="off" />only failed or stopped</label
      >
    </fieldset>
    <button type="button" id="open-all" data-needs-script hidden>Open all</button>
    <button type="button" id="close-all" data-needs-script hidden>Close all</button>
    <span role="status" id="found"></span>
  </search> `;
}
