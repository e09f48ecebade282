import { ToolFailure } from '../tool.ts';
import type { CommandFacts, CommandSession } from './session.ts';

/** A background terminal as a reader sees it. */
export interface TerminalFacts {
  readonly sessionId: number;
  readonly callId: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly tty: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
}

/**
 * The processes of one thread. The thread owns them and not a turn, so an interrupt leaves them alone
 * (spec/agent-core.md 1.5).
 */
export interface TerminalManager {
  /** Those that run, oldest first. */
  list(): readonly TerminalFacts[];
  /** Ends every background terminal with all that it started (`clean_background_terminals`). */
  cleanAll(): Promise<void>;
  /** As `cleanAll`, also for what a turn waits for; nothing is started afterwards. */
  shutdown(): Promise<void>;
}

/** What the tools need of it besides. */
export interface TerminalRegistry extends TerminalManager {
  /**
   * Gives a command its session id and registers it, before anything can be waited for.
   * @throws ToolFailure after `shutdown`
   */
  open(create: (sessionId: number) => CommandSession): CommandSession;
  /** @throws ToolFailure when there is no such session */
  find(sessionId: number): CommandSession;
  close(session: CommandSession): void;
  /** For as long as `run` takes, a command that nobody can come back to ends with the thread. */
  attend<Value>(session: CommandSession, run: () => Promise<Value>): Promise<Value>;
}

/** Live and not yet read ones together (spec/agent-core.md 2.2). */
const MAX_SESSIONS = 64;
/** Never pruned: what was used last is what the model works with. */
const PROTECTED_SESSIONS = 8;
const FIRST_SESSION_ID = 1_000;
const LAST_SESSION_ID = 99_999;
const SESSION_IDS = LAST_SESSION_ID - FIRST_SESSION_ID + 1;

/** @param random from 0 up to 1, as `Math.random`; a constant 0 numbers the sessions from 1000 on */
export function createTerminalRegistry({ random }: { readonly random: () => number }): TerminalRegistry {
  /** Least recently used first. */
  const sessions = new Map<number, CommandSession>();
  const attended = new Set<CommandSession>();
  const used = new Set<number>();
  let isShutDown = false;

  const newId = (): number => {
    // An id that the model remembers must not come to mean another process, as long as there are others.
    if (used.size === SESSION_IDS) {
      used.clear();
      for (const id of sessions.keys()) used.add(id);
    }
    let id = FIRST_SESSION_ID + Math.floor(random() * SESSION_IDS);
    while (used.has(id)) id = id === LAST_SESSION_ID ? FIRST_SESSION_ID : id + 1;
    used.add(id);
    return id;
  };
  const prune = (): void => {
    if (sessions.size < MAX_SESSIONS) return;
    const unprotected = [...sessions].slice(0, -PROTECTED_SESSIONS);
    const [id, session] =
      unprotected.find(([, each]) => each.exitCode() !== undefined) ?? unprotected[0] ?? [];
    if (id === undefined || session === undefined) return;
    sessions.delete(id);
    void session.terminate();
  };
  const cleanAll = async (): Promise<void> => {
    const all = [...sessions.values()];
    sessions.clear();
    await Promise.all(all.map((session) => session.terminate()));
  };
  const refuseAfterShutdown = (): void => {
    if (isShutDown) throw new ToolFailure('The thread is shut down; nothing can be started in it.');
  };

  return {
    list: () =>
      [...sessions]
        .filter(([, session]) => session.exitCode() === undefined)
        .map(([sessionId, { facts, startedAtMs }]) => terminalFacts(sessionId, facts, startedAtMs))
        .toSorted((a, b) => a.startedAtMs - b.startedAtMs),
    cleanAll,
    async shutdown() {
      isShutDown = true;
      await Promise.all([cleanAll(), ...[...attended].map((session) => session.terminate())]);
    },
    open(create) {
      refuseAfterShutdown();
      prune();
      const id = newId();
      const session = create(id);
      sessions.set(id, session);
      return session;
    },
    find(sessionId) {
      const session = sessions.get(sessionId);
      if (!session)
        throw new ToolFailure(
          `There is no session ${sessionId}: it never was, it has ended and its end was told, or it was cleaned up.`,
        );
      sessions.delete(sessionId);
      sessions.set(sessionId, session);
      return session;
    },
    close: ({ facts }) => {
      if (facts.processId !== undefined) sessions.delete(facts.processId);
    },
    async attend(session, run) {
      refuseAfterShutdown();
      attended.add(session);
      try {
        return await run();
      } finally {
        attended.delete(session);
      }
    },
  };
}

const terminalFacts = (
  sessionId: number,
  { callId, argv, cwd, tty }: CommandFacts,
  startedAtMs: number,
): TerminalFacts => ({ sessionId, callId, command: argv, cwd, tty, startedAtMs });
