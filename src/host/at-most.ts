/**
 * Waits for `work` and no longer than `limitMs`. Resolves also where the work fails; it is not stopped, and what comes of it
 * later is nobody's concern. Keeps the process alive meanwhile.
 */
export async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, limitMs));
  await Promise.race([work.catch(() => undefined), over]);
  clearTimeout(timer);
}
