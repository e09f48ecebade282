/** Name of the header, in answers and in the requests that follow. */
export const TURN_STATE = 'x-codex-turn-state';

/**
 * The token for sticky routing of one turn: the first that an answer brings counts, and it goes with every later request
 * of that turn, over HTTP and WebSocket alike. Never kept for another turn (trap 5).
 */
export interface TurnState {
  token(): string | undefined;
  /** Takes the value of an answer's header; ignored once there is one. */
  offer(token: string | undefined): void;
}

export function createTurnState(): TurnState {
  let kept: string | undefined;
  return {
    token: () => kept,
    offer: (token) => {
      kept ??= token;
    },
  };
}
