import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { leaveLog } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { lookAtDatabase } from './layout.ts';
import type { Layout } from './layout.ts';
import { copyPrivately } from './private-copy.ts';
import type * as privateCopy from './private-copy.ts';

const { signal } = new AbortController();

/** Where copies go in this test, and a database to copy. */
function place(): { temporary: string; layout: Layout } {
  const path = join(temporaryHome(), 'state_5.sqlite');
  const temporary = temporaryHome();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  leaveLog(path, { sharedMemory: true });
  const layout = lookAtDatabase(path, files);
  if (layout.kind !== 'standing') throw new Error(`no database: ${layout.kind}`);
  return { temporary, layout };
}

test.each([true, false])('only this user can enter the copy, at once: %s', async (atOnce) => {
  const { temporary, layout } = place();
  const made = await copyPrivately(layout, { signal, atOnce });
  if (made.kind !== 'copied') throw new Error(made.message);
  const [folder = ''] = readdirSync(temporary);
  expect(statSync(join(temporary, folder)).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(temporary, folder)).toSorted()).toEqual(['state_5.sqlite', 'state_5.sqlite-wal']);
  made.copy.remove();
  expect(readdirSync(temporary)).toEqual([]);
});

test('a database that is too large is not copied, and leaves nothing', async () => {
  const { temporary, layout } = place();
  const huge = { ...layout, bytes: 3 * 1024 ** 3 };
  expect(await copyPrivately(huge, { signal, atOnce: true })).toMatchObject({ code: 'COPY_TOO_LARGE' });
  expect(readdirSync(temporary)).toEqual([]);
});

test('a file that went away meanwhile is a value, and the started copy is removed', async () => {
  const { temporary, layout } = place();
  const gone = { ...layout, path: `${layout.path}.gone` };
  expect(await copyPrivately(gone, { signal, atOnce: true })).toMatchObject({ code: 'ENOENT' });
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([true, false])('a copy that is called off leaves nothing, at once: %s', async (atOnce) => {
  const { temporary, layout } = place();
  const made = await copyPrivately(layout, { signal: AbortSignal.abort(), atOnce });
  expect(made.kind).toBe('not_copied');
  expect(readdirSync(temporary)).toEqual([]);
});

test('a disk without room is left alone', async () => {
  const { temporary, layout } = place();
  const { copyPrivately: onFullDisk } = await withFullDisk();
  expect(await onFullDisk(layout, { signal, atOnce: true })).toMatchObject({ code: 'ENOSPC' });
  expect(readdirSync(temporary)).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s removes the copy and still ends the process',
  async (name) => {
    const { temporary, layout } = place();
    const module = pathToFileURL(join(import.meta.dirname, 'private-copy.ts')).href;
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { copyPrivately } from ${JSON.stringify(module)};
       const made = await copyPrivately(${JSON.stringify(layout)}, { signal: new AbortController().signal, atOnce: true });
       console.log(made.kind);
       setInterval(() => undefined, 1_000);`,
      ],
      { env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(readdirSync(temporary)).toHaveLength(1);
    child.kill(name);
    expect(await ended).toEqual([null, name]);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

/** The same module on a disk that has no block left. */
async function withFullDisk(): Promise<typeof privateCopy> {
  vi.resetModules();
  vi.doMock('node:fs', async (original) => ({
    ...(await original<object>()),
    statfsSync: () => ({ bavail: 0, bsize: 4096 }),
  }));
  onTestFinished(() => {
    vi.doUnmock('node:fs');
    vi.resetModules();
  });
  return import('./private-copy.ts');
}
