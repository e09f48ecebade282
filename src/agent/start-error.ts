/** The agent cannot start; the message says why, in words for the user and without a secret. */
export class AgentStartError extends Error {
  override readonly name = 'AgentStartError';
}
