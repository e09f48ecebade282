import { registerHooks } from 'node:module';
import { expect, it } from 'vitest';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';
import { runNode } from '../../../fixtures/run.ts';

const example = new URL('../../../examples/agent-in-your-telemetry.ts', import.meta.url).pathname;

/** The package under its own name, as a program that has installed it says it. */
const FROM_SOURCES = `data:text/javascript,${encodeURIComponent(`
  import { ${registerHooks.name} } from 'node:module';
  const agent = ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'stethos/agent' ? { url: agent, shortCircuit: true } : next(specifier, context),
  });
`)}`;

it('stands below the span that the program was in, in the telemetry that the program has set up', async () => {
  await using collector = await startOtlpCollector();
  const { exitCode, stdout, stderr } = await runNode(['--import', FROM_SOURCES, example], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, PATH: process.env['PATH'] ?? '' },
  });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: 'agent: Restart the printer.\n',
    stderr: '',
  });
  const spans = collector.spans();
  const named = (name: string) => spans.find((span) => span.name === name);
  const request = named('answer ticket');
  const dispatch = named('op.dispatch.user_input');
  expect(dispatch?.parentSpanId).toBe(request?.spanId);
  expect(named('session_task.turn')?.traceId).toBe(request?.traceId);
  expect(named('session_loop')?.traceId).not.toBe(request?.traceId);
  // The SDK of the program speaks for all of them.
  expect(new Set(spans.map((span) => span.resource.attributes['service.name']))).toEqual(
    new Set(['ticket-desk']),
  );
  expect(collector.metrics().map(({ name }) => name)).toContain('codex.turn.e2e_duration_ms');
  expect(collector.logRecords().map(({ attributes }) => attributes['event.name'])).toContain(
    'codex.user_prompt',
  );
});
