import { EXIT } from '../../doctor/report.ts';

/** The first Ctrl-C asks for the report as far as it is, the second one does not wait for it. */
export function listenToInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
  return interrupt.signal;
}
