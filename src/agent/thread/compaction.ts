import { ModelError } from '../model/error.ts';
import type { ModelInfo } from '../model/info.ts';
import type { MessageItem, ResponseItem } from '../protocol/item.ts';
import type { TurnItem } from '../protocol/turn-item.ts';
import { asJson } from '../listening/tell.ts';
import { approximateTokens, truncateText } from '../tools/truncate.ts';
import { contextItems, isPrompt } from './context.ts';
import { currentContext, limitsFor, modelRequest } from './core.ts';
import { COMPACT_PROMPT, SUMMARY_PREFIX } from './instructions.ts';
import { requestMetadata } from './metadata.ts';
import type { CompactionFacts, Metadata } from './metadata.ts';
import { normalise } from './normalise.ts';
import { withRetries } from './retry.ts';
import { noteLimits, noteUsage, retryOptions, tokenCount, turnFacts } from './sample.ts';
import type { TurnRun } from './sample.ts';
import { completedEvents, startedEvents } from './turn-items.ts';
import { noteTurnContext } from './turn-context-line.ts';

/** What users said last is kept to the letter, up to this much (spec/agent-core.md 1.6). */
const KEPT_PROMPT_TOKENS = 20_000;

export type CompactionReason = Pick<CompactionFacts, 'trigger' | 'reason' | 'phase'>;

/** The conversation has passed the limit at which it is compacted by itself. */
export function isFull({ core }: Pick<TurnRun, 'core'>, model: ModelInfo): boolean {
  const { window, autoCompact } = limitsFor(core, model);
  const { usage, config } = core;
  if (config.autoCompactScope === 'total') return usage.inWindow() >= (autoCompact ?? Infinity);
  return usage.inBody() >= (autoCompact ?? Infinity) || usage.inWindow() >= (window ?? Infinity);
}

/**
 * What the first request of a turn needs: room. A conversation that is too long for a smaller model is compacted by the
 * model before, which can still read it.
 */
export async function compactBeforeTurn(run: TurnRun): Promise<void> {
  const { core, turn } = run;
  const { model } = turn.settings;
  const before = core.memory.model;
  const [now, then] = [model.contextWindow ?? Infinity, before?.contextWindow ?? Infinity];
  if (before && before.slug !== model.slug && now < then && isFull(run, model))
    await compact(run, { trigger: 'auto', reason: 'model_downshift', phase: 'pre_turn' }, before);
  if (isFull(run, model)) await compact(run, { trigger: 'auto', reason: 'context_limit', phase: 'pre_turn' });
}

/**
 * Replaces the conversation by what users said last and a note of everything else.
 * @throws ModelError; the conversation is as it was then
 */
export async function compact(
  run: TurnRun,
  reason: CompactionReason,
  model: ModelInfo = run.turn.settings.model,
): Promise<void> {
  const { core, turn } = run;
  const item: TurnItem = { type: 'ContextCompaction', id: core.world.ids.random() };
  for (const msg of startedEvents(turn.id, item)) turn.emit(msg);
  turn.timer.firstToken();

  const shortened = await shorten(run, reason, model);
  // In the middle of a turn the model goes on at once, and has to know its surroundings.
  const context = reason.phase === 'mid_turn' ? currentContext(core, turn.settings) : undefined;
  const replacement = context ? beforeLastPrompt(shortened.items, contextItems(context)) : shortened.items;

  turn.signal.throwIfAborted();
  core.history.replace(replacement);
  core.model.advanceWindow();
  core.memory.windowGeneration += 1;
  core.memory.context = context;
  core.usage.reestimate();
  await core.journal.note(turn.id, {
    type: 'compacted',
    payload: { message: shortened.message, replacement_history: replacement },
  });
  core.world.tell?.({
    type: 'compaction_installed',
    turnId: turn.id,
    compactionId: item.id,
    replacement: () => replacement.map(asJson),
  });
  if (context) await noteTurnContext(run);

  for (const msg of completedEvents(turn.id, item)) turn.emit(msg);
  turn.emit(tokenCount(run));
  turn.emit({
    type: 'warning',
    message:
      'The conversation was shortened to fit the model. Long threads and many compactions cost accuracy.',
  });
}

interface Shortened {
  readonly items: readonly ResponseItem[];
  /** The note; empty where the provider has a form of its own. */
  readonly message: string;
}

async function shorten(run: TurnRun, reason: CompactionReason, model: ModelInfo): Promise<Shortened> {
  const { core, turn } = run;
  const isRemote = core.model.compact !== undefined;
  const compaction: CompactionFacts = {
    ...reason,
    implementation: isRemote ? 'responses_compact' : 'responses',
    strategy: isRemote ? 'prefix_compaction' : 'memento',
  };
  const metadata = requestMetadata(core.facts, {
    kind: 'compaction',
    turn: turnFacts(core, turn),
    compaction,
  });
  let items = core.history.forModel(model);
  for (;;) {
    try {
      return isRemote
        ? await remotely(run, items, metadata, model)
        : await byNote(run, items, metadata, model);
    } catch (error) {
      turn.signal.throwIfAborted();
      if (!isOverflow(error) || items.length <= 1) {
        noteLimits(run, error);
        throw error;
      }
      items = normalise(items.slice(1), model);
    }
  }
}

/** The provider's own short form, without what belongs to a context that will be told anew. */
async function remotely(
  run: TurnRun,
  items: readonly ResponseItem[],
  metadata: Metadata,
  model: ModelInfo,
): Promise<Shortened> {
  const { core, turn, registry } = run;
  const settings = { ...turn.settings, model };
  const request = modelRequest(core, {
    settings,
    input: items,
    tools: registry.specs,
    metadata,
  });
  const ask = core.model.compact;
  if (!ask) throw new Error('the provider has no short form of its own');
  turn.timer.countRequest();
  const short = await withRetries(() => ask(request, turn.signal), retryOptions(run));
  const kept = short.filter((item) => item.type !== 'message' || item.role === 'assistant' || isPrompt(item));
  return { items: kept, message: '' };
}

/** A note that the model itself writes, behind the prompts that are kept. */
async function byNote(
  run: TurnRun,
  items: readonly ResponseItem[],
  metadata: Metadata,
  model: ModelInfo,
): Promise<Shortened> {
  const { core, turn } = run;
  const settings = { ...turn.settings, model };
  const input = [...items, userMessage(core.config.compactPrompt ?? COMPACT_PROMPT)];
  const note = await withRetries(
    () => readNote(run, modelRequest(core, { settings, input, tools: [], metadata })),
    retryOptions(run),
  );
  const message = `${SUMMARY_PREFIX}\n${note === '' ? '(no note was written)' : note}`;
  return { items: [...lastPrompts(core.history.items), userMessage(message)], message };
}

async function readNote(
  { core, turn, client }: TurnRun,
  request: ReturnType<typeof modelRequest>,
): Promise<string> {
  let note = '';
  let isComplete = false;
  turn.timer.countRequest();
  for await (const batch of client.stream(request, turn.signal))
    for (const event of batch) {
      if (event.type === 'item_done' && event.item.type === 'message')
        note = event.item.content.map((part) => ('text' in part ? part.text : '')).join('');
      else if (event.type === 'rate_limits') core.usage.noteRateLimits(event.snapshot);
      else if (event.type === 'completed') {
        noteUsage({ core, turn }, event.usage);
        isComplete = true;
      }
    }
  if (isComplete) return note.trim();
  const message = 'the stream ended before the response was complete';
  throw new ModelError({ kind: 'stream', message }, message);
}

/** The texts of the last prompts, oldest first; the one that passes the limit is cut, those before it are gone. */
export function lastPrompts(items: readonly ResponseItem[]): MessageItem[] {
  const kept: MessageItem[] = [];
  let left = KEPT_PROMPT_TOKENS;
  for (const item of items.toReversed()) {
    if (left <= 0) break;
    if (!isPrompt(item)) continue;
    const text = item.content
      .map((part) => (part.type === 'input_text' ? part.text : ''))
      .join('\n')
      .trim();
    if (text === '') continue;
    kept.push(userMessage(truncateText(text, { mode: 'tokens', limit: left })));
    left -= approximateTokens(text);
  }
  return kept.toReversed();
}

/** With the context where a new conversation would have it: before what the user said last. */
function beforeLastPrompt(items: readonly ResponseItem[], context: readonly ResponseItem[]): ResponseItem[] {
  const last = items.findLastIndex(isPrompt);
  const at = last === -1 ? Math.max(0, items.length - 1) : last;
  return [...items.slice(0, at), ...context, ...items.slice(at)];
}

const isOverflow = (error: unknown): boolean =>
  error instanceof ModelError && error.failure.kind === 'context_window_exceeded';

const userMessage = (text: string): MessageItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
