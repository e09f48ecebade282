/*
 * What the border costs, as ratios: our redactor against secretlint's recommended preset, on the same texts in the same
 * run, and a text with secrets against one without. Run with `node bench/redact.ts`.
 */
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { sampleSecrets } from '../fixtures/secrets.ts';
import { createRedactor } from '../src/redact/redactor.ts';

const ROUNDS = 5;
const LINE =
  '2026-01-02T03:04:05.678Z INFO codex_core::client: POST /v1/responses status=200 model=gpt-5.5-codex request_id=req_0123\n';
const SHORT_LINES = Array.from(
  { length: 500 },
  (_, index) => `state database ${index} is readable and current`,
);
const samples = sampleSecrets().map(({ secret }) => `${LINE}value ${secret}\n`);

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  '1 MB of log without secrets': [LINE.repeat(Math.ceil(1_000_000 / LINE.length))],
  '1 MB of log with secrets': [samples.join('').repeat(Math.ceil(1_000_000 / samples.join('').length))],
  '500 short strings, as in a report': SHORT_LINES,
};

async function oracle(content: string): Promise<void> {
  await lintSource({
    source: { content, filePath: 'bench.txt', ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
}

async function best(run: () => void | Promise<void>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- rounds must not run side by side
    await run();
    shortest = Math.min(shortest, performance.now() - begun);
  }
  return shortest;
}

for (const [name, texts] of Object.entries(TEXTS)) {
  // oxlint-disable-next-line no-await-in-loop -- measured one after the other
  const ours = await best(() => {
    const redactor = createRedactor({ userDirectory: '/home/ann' });
    for (const text of texts) redactor.text(text);
  });
  // oxlint-disable-next-line no-await-in-loop -- measured one after the other
  const theirs = await best(async () => {
    for (const text of texts) await oracle(text);
  });
  console.log(`${name}: ${(theirs / ours).toFixed(1)} times as fast as the preset (${ours.toFixed(1)} ms)`);
}
