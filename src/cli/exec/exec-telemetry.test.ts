import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { answer, commandCall, makeExecLab } from '../../../fixtures/exec.ts';
import type { ExecPlace } from '../../../fixtures/exec.ts';
import { startOtlpCollector } from '../../../fixtures/otlp-collector.ts';

/* What `stethos exec` exports before it ends, however it ends. */

const lab = makeExecLab();
afterAll(lab.remove);

const exportTo = (url: string) => ({
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

async function begun({ project }: ExecPlace): Promise<void> {
  const path = join(project, 'pid');
  while (!existsSync(path) || readFileSync(path, 'utf8') === '') await pause(20);
}

test('a whole run, under the name of exec', async () => {
  await using collector = await startOtlpCollector();
  const { exitCode, stderr } = await lab
    .place()
    .exec([answer('done')], ['--json', 'go'], { env: exportTo(collector.url) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const turns = collector.spans().filter(({ name }) => name === 'session_task.turn');
  expect(turns).toMatchObject([{ resource: { attributes: { 'service.name': 'stethos_exec' } } }]);
});

test('also a run that Ctrl-C ended', async () => {
  await using collector = await startOtlpCollector();
  const place = lab.place();
  const sleeper = commandCall('echo $$ > pid; exec sleep 1000');
  const { exitCode } = await place.exec([sleeper], ['--json', '-s', 'danger-full-access', 'go'], {
    env: exportTo(collector.url),
    onStart: (child) => void begun(place).then(() => child.kill('SIGINT')),
  });
  expect(exitCode).toBe(1);
  const names = collector.spans().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['session_task.turn', 'exec_command']));
});
