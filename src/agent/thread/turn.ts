import { createToolRouter } from '../tools/router.ts';
import { unlessAborted } from '../../host/unless-aborted.ts';
import { compact, compactBeforeTurn, isFull } from './compaction.ts';
import { contextItems } from './context.ts';
import { currentContext } from './core.ts';
import type { ThreadCore } from './core.ts';
import { sample } from './sample.ts';
import type { TurnRun } from './sample.ts';
import { toolContext, truncationFor } from './tool-context.ts';
import { noteTurnContext } from './turn-context-line.ts';
import { completedEvents, startedEvents } from './turn-items.ts';
import type { Prompt, Turn } from './turn-state.ts';
import { promptItem, shownInput } from './user-input.ts';

/**
 * One turn, from the prompt to the last word of the model (spec/agent-core.md 1.4): ask the model, run the tools it
 * calls, tell it what came of them, and again until it has nothing more to do and nobody has said anything new.
 *
 * The session announces start and end, so that there is exactly one of each, whatever happens in here.
 * @returns the last message of the model
 * @throws ModelError or TurnFailure when the turn cannot go on, the reason of its signal when it was interrupted
 */
export async function runTurn(core: ThreadCore, turn: Turn): Promise<string | null> {
  const run = await beginRun(core, turn);
  try {
    await compactBeforeTurn(run);
    await tellContext(run);
    await acceptPrompts(run, turn.opening);

    let lastMessage: string | null = null;
    // What was steered in before the first request waits for the second.
    let mayTakeQueued = false;
    for (;;) {
      if (mayTakeQueued) await acceptPrompts(run, turn.queued);

      const answer = await sample(run);
      lastMessage = answer.lastMessage ?? lastMessage;
      mayTakeQueued = true;

      if (answer.owesFollowUp || turn.hasQueued) {
        if (!isFull(run, turn.settings.model)) continue;
        await compact(run, { trigger: 'auto', reason: 'context_limit', phase: 'mid_turn' });
        // The model first goes on with what it was at, then hears what is new.
        mayTakeQueued = !answer.owesFollowUp;
        continue;
      }

      turn.timer.enter('afterLastSampling');
      await core.journal.flush(turn.id);
      if (turn.close()) return lastMessage;
    }
  } finally {
    run.client.close();
  }
}

/** A turn of its own that does nothing but compact (`/compact`). */
export async function runCompaction(core: ThreadCore, turn: Turn): Promise<null> {
  const run = await beginRun(core, turn);
  try {
    await compact(run, { trigger: 'manual', reason: 'user_requested', phase: 'standalone_turn' });
    await core.journal.flush(turn.id);
    turn.close();
    return null;
  } finally {
    run.client.close();
  }
}

/** Prompts of a turn that ended before the model could hear them are not lost: the next turn's model will read them. */
export async function keepUnheard(core: ThreadCore, turn: Turn): Promise<void> {
  await acceptPrompts({ core, turn }, turn.queued);
}

/** The one place where a turn meets the model and its tools. */
async function beginRun(core: ThreadCore, turn: Turn): Promise<TurnRun> {
  const warmed = await core.warmUp.ready(turn.signal);
  const registry = await unlessAborted(core.tools(turn.settings.model), turn.signal);
  const router = createToolRouter({
    registry,
    context: toolContext(core, turn),
    truncation: truncationFor(core, turn),
    clock: core.world.clock,
    record: (item) => turn.record(item),
  });
  return {
    core,
    turn,
    client: core.model.startTurn({ avoidsWebsocket: warmed === 'ran_out' }),
    registry,
    router,
  };
}

/** Tells the model what has changed around it since it was last told; everything in a new conversation. */
async function tellContext(run: TurnRun): Promise<void> {
  const { core, turn } = run;
  const context = currentContext(core, turn.settings);
  const news = contextItems(context, core.memory.context);
  warnOfVerbosity(run);
  core.memory.context = context;
  core.memory.model = turn.settings.model;
  await noteTurnContext(run);
  await turn.record(...news);
}

/** Once for each change of the model (spec/transport.md 1.1, `text`). */
function warnOfVerbosity({ core, turn }: TurnRun): void {
  const { model } = turn.settings;
  if (core.config.verbosity === undefined || model.supportsVerbosity) return;
  if (core.memory.model?.slug === model.slug) return;
  const message = `\`model_verbosity\` is left out: ${model.slug} does not support it.`;
  turn.emit({ type: 'warning', message });
}

/** The one place where a prompt becomes part of the conversation. */
async function acceptPrompts(
  { core, turn }: Pick<TurnRun, 'core' | 'turn'>,
  prompts: readonly Prompt[],
): Promise<void> {
  for (const prompt of prompts) {
    const { items } = prompt;
    const item = await promptItem(items, core.world.loadImage);
    // A turn that was ended meanwhile, since pictures take their time, has kept the prompt already.
    if (!turn.claim(prompt)) continue;
    await turn.record(item);
    tellPrompt(core, turn, prompt);
    const shown = { type: 'UserMessage', id: core.world.ids.random(), content: items } as const;
    for (const msg of [...startedEvents(turn.id, shown), ...completedEvents(turn.id, shown)]) turn.emit(msg);
  }
}

function tellPrompt({ world }: ThreadCore, turn: Turn, { items }: Prompt): void {
  if (!world.tell) return;
  const { message, images, local_images } = shownInput(items);
  world.tell({
    type: 'prompt',
    turnId: turn.id,
    text: message,
    textInputs: items.length - images.length - local_images.length,
    imageInputs: images.length,
    localImageInputs: local_images.length,
  });
}
