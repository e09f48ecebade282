import type { AbortReason, EventMsg } from '../protocol/event.ts';
import type { TurnId } from '../protocol/ids.ts';
import type { ResponseItem } from '../protocol/item.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { Submission, UserInput } from '../protocol/op.ts';
import type { Journal } from './journal.ts';
import type { TurnSettings } from './settings.ts';
import type { TurnTimer } from './timing.ts';

/** What a user asked for in one go. */
export interface Prompt {
  readonly items: readonly UserInput[];
}

/** A turn while it runs: what it started with, who steers it, and its way to the journal. */
export interface Turn {
  readonly id: TurnId;
  readonly settings: TurnSettings;
  readonly signal: AbortSignal;
  readonly timer: TurnTimer;
  readonly trace: Submission['trace'] | undefined;
  readonly outputSchema: JsonValue | undefined;
  /** Of the prompt, or of the last steer that carried any. */
  readonly clientMetadata: Readonly<Record<string, string>>;
  /** What is known of the repositories that it works in. */
  workspaces: JsonObject | undefined;
  /** The user was asked something during this turn. */
  userWasAsked: boolean;
  readonly hasQueued: boolean;
  /** Of what nobody has heard yet, what opened the turn; where a command of the user's did, all of it. */
  readonly opening: readonly Prompt[];
  /** What nobody has heard yet, oldest first. */
  readonly queued: readonly Prompt[];
  /** Takes a prompt that is recorded next; false when that has been done, or it was dropped. */
  claim(prompt: Prompt): boolean;
  /** From here on nobody steers this turn; false, and nothing changes, when somebody has done so meanwhile. */
  close(): boolean;
  /** Once the turn is over this rejects: what a late tool still says is no part of the conversation. */
  record(...items: readonly ResponseItem[]): Promise<void>;
  /** Once the turn is over this does nothing. */
  emit(msg: EventMsg): void;
  noteServerModel(slug: string): void;
  noteVerifications(verifications: readonly string[]): void;
  /** Gives back `close`, which does something only once, and at the latest when the turn is over. */
  untilOver(close: () => void): () => void;
}

/** What the session alone may do with a turn. */
export interface OwnedTurn extends Turn {
  /** May be steered and interrupted. */
  readonly isOpen: boolean;
  readonly abortReason: AbortReason;
  queue(prompt: Prompt, clientMetadata: Readonly<Record<string, string>> | undefined): void;
  interrupt(reason: AbortReason): void;
  /** How it ended is decided: neither steered nor interrupted any more. */
  settle(): void;
  /** Nothing that belongs to the turn is recorded or told any more. */
  end(): void;
}

export interface TurnOptions {
  readonly id: TurnId;
  readonly opening: readonly Prompt[];
  readonly settings: TurnSettings;
  readonly timer: TurnTimer;
  readonly trace: Submission['trace'] | undefined;
  readonly outputSchema: JsonValue | undefined;
  readonly clientMetadata: Readonly<Record<string, string>>;
  readonly journal: Journal;
}

/** Why a turn's signal is aborted. */
export class TurnInterrupted extends Error {
  override readonly name = 'TurnInterrupted';
}

export function createTurn(options: TurnOptions): OwnedTurn {
  const { journal, id } = options;
  const abort = new AbortController();
  const { signal } = abort;
  /** The opening is part of it until it is recorded, so that it cannot get lost before. */
  const queued = [...options.opening];
  let openingLength = queued.length;
  let { clientMetadata } = options;
  let isOpen = true;
  let isOver = false;
  let abortReason: AbortReason = 'interrupted';
  const unfinished = new Set<() => void>();
  let wasRerouted = false;
  let wasVerified = false;
  const emit = (msg: EventMsg): void => {
    if (!isOver) journal.emit(id, msg);
  };
  return {
    id,
    settings: options.settings,
    timer: options.timer,
    trace: options.trace,
    outputSchema: options.outputSchema,
    signal,
    workspaces: undefined,
    userWasAsked: false,
    get clientMetadata() {
      return clientMetadata;
    },
    get isOpen() {
      return isOpen;
    },
    get hasQueued() {
      return queued.length > 0;
    },
    get opening() {
      return queued.slice(0, openingLength || queued.length);
    },
    get queued() {
      return [...queued];
    },
    claim(prompt) {
      const at = queued.indexOf(prompt);
      if (at === -1) return false;
      queued.splice(at, 1);
      if (at < openingLength) openingLength -= 1;
      return true;
    },
    queue(prompt, metadata) {
      queued.push(prompt);
      if (metadata) clientMetadata = metadata;
    },
    close() {
      signal.throwIfAborted();
      if (queued.length > 0) return false;
      isOpen = false;
      return true;
    },
    get abortReason() {
      return abortReason;
    },
    interrupt(reason) {
      isOpen = false;
      abortReason = reason;
      // What was steered in is dropped (1.5); the prompt that opened the turn is what was interrupted.
      queued.splice(openingLength);
      abort.abort(new TurnInterrupted('the turn was interrupted'));
    },
    settle: () => void (isOpen = false),
    end() {
      isOpen = false;
      isOver = true;
      for (const close of unfinished) close();
    },
    untilOver(close) {
      const once = (): void => {
        if (unfinished.delete(once)) close();
      };
      unfinished.add(once);
      return once;
    },
    async record(...items) {
      if (isOver) throw new TurnInterrupted('the turn is over');
      await journal.record(id, ...items);
    },
    emit,
    // A connection repeats what it said at its handshake, so both are told once (trap 21).
    noteServerModel(slug) {
      const asked = options.settings.model.slug;
      if (wasRerouted || slug.toLowerCase() === asked.toLowerCase()) return;
      wasRerouted = true;
      emit({ type: 'model_reroute', from_model: asked, to_model: slug });
    },
    noteVerifications(verifications) {
      if (wasVerified || verifications.length === 0) return;
      wasVerified = true;
      emit({ type: 'model_verification', verifications });
    },
  };
}
