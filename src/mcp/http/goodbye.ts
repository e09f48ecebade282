/** A server may keep a session that nobody ended for hours, so it is told; but it is not waited for. */
const GOODBYE_MS = 500;

/** Ends a session of streamable HTTP with a DELETE. What the server answers is of no interest; many know no DELETE. */
export async function goodbye(
  transport: { terminateSession(): Promise<void> },
  { remainingMs = GOODBYE_MS } = {},
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, Math.min(GOODBYE_MS, remainingMs)));
  void transport.terminateSession().then(resolve, resolve);
  await promise;
  clearTimeout(timer);
}
