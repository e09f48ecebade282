import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import { readRollout } from './read.ts';
import { createRolloutWriter } from './writer.ts';

const ROUNDS = 6;
const LONGEST_LIFE_MS = 40;

const url = (name: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);

/** Writes numbered lines of all lengths for ever, and says after each batch which were acknowledged. */
const WRITER = (path: string): string => `
  import { writeSync } from 'node:fs';
  import { createRolloutWriter } from ${url('writer.ts')};
  const meta = { id: '${threadId(1)}', timestamp: '', cwd: '', originator: '', cli_version: '', source: 'exec', model_provider: '' };
  const writer = createRolloutWriter({ path: ${JSON.stringify(path)}, start: { kind: 'new', meta }, clock: { now: Date.now } });
  for (let number = 0; ; number += 1) {
    const text = 'x'.repeat((number * 7919) % 20000);
    await writer.append([{ type: 'event_msg', payload: { type: 'said', number, text } }]);
    writeSync(1, number + '\\n');
  }`;

test('a process killed at any point loses no acknowledged line, and its file goes on', async () => {
  const home = temporaryHome();
  for (let round = 0; round < ROUNDS; round += 1) {
    const path = join(home, `${round}.jsonl`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER(path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    await setTimeout(Math.random() * LONGEST_LIFE_MS);
    child.kill('SIGKILL');
    await closed;
    const acknowledged = Number(said.trim().split('\n').at(-1));

    const before = await numbersIn(path);
    expect(before.numbers.length, `acknowledged up to ${acknowledged}`).toBeGreaterThan(acknowledged);
    expect(before.numbers, 'no hole in the middle').toEqual(before.numbers.map((_, index) => index));
    expect(before.badLines, 'at most the last line is broken').toBeLessThanOrEqual(1);

    const clock = { now: () => 0, elapsed: () => 0 };
    const writer = createRolloutWriter({ path, start: { kind: 'resumed', nextOrdinal: undefined }, clock });
    await writer.append([{ type: 'event_msg', payload: { type: 'said', number: before.numbers.length } }]);
    await writer.close();
    const after = await numbersIn(path);
    expect(after.numbers).toEqual([...before.numbers, before.numbers.length]);
  }
});

async function numbersIn(path: string): Promise<{ numbers: number[]; badLines: number }> {
  const numbers: number[] = [];
  const reading = await readRollout({
    files,
    path,
    onLine: ({ line }) => {
      if (line.type === 'event_msg') numbers.push(Number(line.payload['number']));
    },
  });
  return { numbers, badLines: reading.kind === 'read' ? reading.badLines : Number.NaN };
}
