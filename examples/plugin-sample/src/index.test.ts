/* oxlint-disable typescript/no-floating-promises -- node:test waits for its tests itself */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { examineCheck } from 'stethos/testing';
import projectNotes from './project-notes.ts';
import signedCommits from './signed-commits.ts';

test('notes of a useful length are fine', async () => {
  const row = await examineCheck(projectNotes, { project: { 'AGENTS.md': 'Run npm test.' } });
  assert.equal(row.status, 'ok');
  assert.deepEqual(row.details, { notes: 'found', bytes: 13 });
});

test('notes that are missing or too long are a warning', async () => {
  const missing = await examineCheck(projectNotes);
  assert.deepEqual([missing.status, missing.failure?.class], ['warning', 'missing']);
  const long = await examineCheck(projectNotes, { project: { 'AGENTS.md': 'x'.repeat(40_000) } });
  assert.deepEqual([long.status, long.failure?.class], ['warning', 'invalid_value']);
});

test('git is not asked where nothing may be run', async () => {
  const row = await examineCheck(signedCommits, { options: { exec: false } });
  assert.deepEqual([row.status, row.skippedBecause], ['skipped', '--no-exec']);
});

test('what git says is judged', () => {
  const judged = ['true', 'false', ''].map(
    (answer) => signedCommits.judge({ kind: 'exited', answer }).issues.length,
  );
  assert.deepEqual(judged, [0, 1, 1]);
});
