/*
 * Feedback about a session of 1 GB with its log: time and the most memory that it ever used, beside a session of a hundredth of
 * that. Run with `node bench/feedback-size.ts [MEGABYTES]`, on Linux.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putLogs, ROOT, said } from '../fixtures/feedback-home.ts';
import { logRow } from '../fixtures/log-rows.ts';
import { sampleLookAlikes } from '../fixtures/look-alikes.ts';
import { plantSecrets } from '../fixtures/planted-secrets.ts';
import { put, rolloutPlace, session } from '../fixtures/rollouts.ts';
import { LAUNCHER, programPath } from '../fixtures/run.ts';
import { formatBytes } from '../src/host/units.ts';

const MEGABYTE = 1024 * 1024;
/** So much is written at once. */
const BLOCK_BYTES = 4 * MEGABYTE;
/** Rows of the log, each a block long: two of them are what an export takes. */
const ROWS = 8;
/** Buffers that wait for the collector; what grows with the session would be several times as much. */
const MAX_GROWTH_BYTES = 200 * MEGABYTE;

/** Output of tools as sessions are full of it, and a secret in every hundredth line. */
function lines(bytes: number): string {
  const secrets = plantSecrets([1]).filter(({ place }) => place.startsWith('rollout'));
  const innocent = sampleLookAlikes().map(({ text }) => said(`${text}\n`.repeat(8)));
  const pieces: string[] = [];
  for (let [length, number] = [0, 0]; length < bytes; number += 1) {
    const piece =
      (number % 100 === 0 ? secrets[number % secrets.length]?.text : undefined) ??
      innocent[number % innocent.length] ??
      '';
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join('');
}

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number;
}

function measured(megabytes: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'stethos-bench-size-'));
  try {
    const home = join(folder, 'home');
    mkdirSync(home);
    const path = put(home, rolloutPlace({ id: ROOT }), session(ROOT) + said('hello'));
    const block = lines(BLOCK_BYTES);
    while (statSync(path).size < megabytes * MEGABYTE) appendFileSync(path, block);
    const row = { thread_id: ROOT, feedback_log_body: block };
    putLogs(
      home,
      Array.from({ length: ROWS }, (_, index) => logRow(index, row)),
    );
    const peak = join(folder, 'peak');
    const bundle = join(folder, 'bundle.zip');
    const args = [
      '--target',
      'codex',
      '--home',
      home,
      '--include-logs',
      '--exclude',
      'doctor',
      '--out',
      bundle,
    ];
    const begun = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--require', programPath('peak-memory.cjs'), LAUNCHER, 'feedback', ...args],
      {
        cwd: folder,
        env: { HOME: folder, PATH: '/usr/bin:/bin', TMPDIR: folder, PEAK_MEMORY_FILE: peak },
        encoding: 'utf8',
      },
    );
    const seconds = (performance.now() - begun) / 1_000;
    if (status !== 0) throw new Error(`stethos feedback ended with ${status}: ${stderr}`);
    return { seconds, peakBytes: Number(readFileSync(peak, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const large = Number(process.argv[2] ?? 1_024);
const [small, great] = [large / 100, large].map((megabytes) => {
  const result = measured(megabytes);
  const { seconds, peakBytes } = result;
  console.log(
    `${formatBytes(megabytes * MEGABYTE)}: ${seconds.toFixed(1)} s, at most ${formatBytes(peakBytes)} of memory`,
  );
  return result;
});
if (small && great && great.peakBytes - small.peakBytes > MAX_GROWTH_BYTES) process.exitCode = 1;
