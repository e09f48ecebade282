declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One conversation; UUID v7, names the rollout file (spec/agent-core.md 1.1). */
export type ThreadId = Branded<'ThreadId'>;
/** One tree of agents: the id of its root thread, shared by every thread below (DECISIONS, spec 1.1). */
export type SessionId = Branded<'SessionId'>;
/** One turn: the id of the submission that opened it. */
export type TurnId = Branded<'TurnId'>;

/** Where new ids come from; injected, so that tests are repeatable. */
export interface IdSource {
  /** UUID v7: sortable by time, for threads and turns. */
  timeOrdered(): string;
  /** UUID v4, for everything else. */
  random(): string;
}

/** An id that was read from outside is trusted to be one here, and nowhere else. */
export const threadId = (text: string): ThreadId => text as ThreadId;
export const sessionId = (text: string): SessionId => text as SessionId;
export const turnId = (text: string): TurnId => text as TurnId;
