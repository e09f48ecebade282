import type { Clock } from '../../host/clock.ts';
import type { StoreWatch } from '../../store/watch.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';
import { observeAll } from '../../telemetry/observe-all.ts';

/**
 * Tells what the databases say of themselves to whoever listens. A listener that throws is passed over in silence: to log
 * it would write what is told of again, for ever (spec/observability.md, trap 11).
 */
export function storeFacts(observers: readonly AgentObserver[], clock: Clock): StoreWatch | undefined {
  const observer = observeAll(observers, () => undefined);
  return (
    observer && {
      elapsedMs: () => clock.elapsed(),
      hear: (told) => observer.observe({ ...told, atMs: clock.now() }),
    }
  );
}
