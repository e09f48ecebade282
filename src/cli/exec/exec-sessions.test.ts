import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answer, linesOf, makeExecLab } from '../../../fixtures/exec.ts';
import type { ExecPlace } from '../../../fixtures/exec.ts';

/* Sessions that `stethos exec` leaves behind, and goes on with. */

const lab = makeExecLab();
afterAll(lab.remove);

const filesOf = ({ home }: ExecPlace): string[] =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted();
const rolloutsOf = (place: ExecPlace): string[] => filesOf(place).filter((path) => path.endsWith('.jsonl'));
const sessionOf = (stdout: string): string => {
  const [first] = linesOf(stdout);
  if (first?.type !== 'thread.started') throw new Error('no thread was started');
  return first.thread_id;
};
/** Runs with `--json` and gives the session. */
const session = async (place: ExecPlace, ...args: readonly string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await place.exec([answer('done')], ['--json', ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return sessionOf(stdout);
};

/** The only rollout of a home. */
function textOf(place: ExecPlace): string {
  const [path, ...others] = rolloutsOf(place);
  expect(others).toEqual([]);
  return readFileSync(join(place.home, path ?? ''), 'utf8');
}

test.each([['by its id'], ['as the newest one of the folder']])(
  'a session goes on in the same file: %s',
  async (way) => {
    const place = lab.place();
    const id = await session(place, 'first');
    expect(await session(place, 'resume', way === 'by its id' ? id : '--last', 'second')).toBe(id);
    expect(textOf(place)).toMatch(/"first"[^]*"second"/);
  },
);

test('the newest one of any folder has to be asked for', async () => {
  const place = lab.place();
  const id = await session(place, 'first');
  const elsewhere = ['--skip-git-repo-check', '--cd', join(place.project, '.git')];
  const refused = await place.exec([], ['resume', '--last', ...elsewhere, 'second']);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--all') as string });
  expect(await session(place, 'resume', '--last', '--all', ...elsewhere, 'second')).toBe(id);
  expect(textOf(place)).toMatch(/"first"[^]*"second"/);
});

test('fork begins another session with what was said', async () => {
  const place = lab.place();
  const id = await session(place, 'first');
  const fork = await session(place, 'fork', id, 'second');
  expect(fork).not.toBe(id);
  const texts = rolloutsOf(place).map((path) => readFileSync(join(place.home, path), 'utf8'));
  const [of, another] = [id, fork].map(
    (each) =>
      texts.find((text) => text.startsWith('{') && text.split('\n', 1)[0]?.includes(`"id":"${each}"`)) ?? '',
  );
  expect(of).not.toContain('"second"');
  expect(another).toContain('"first"');
  expect(another).toContain('"second"');
});

test('--ephemeral leaves nothing behind', async () => {
  const place = lab.place();
  await session(place, '--ephemeral', 'go');
  expect(filesOf(place)).toEqual([]);
});

test('two runs share a home', async () => {
  const place = lab.place();
  const [one, other] = await Promise.all([session(place, 'one'), session(place, 'other')]);
  expect(one).not.toBe(other);
  expect(rolloutsOf(place)).toHaveLength(2);
});
