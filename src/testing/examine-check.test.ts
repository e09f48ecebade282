import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import configLoad from '../../checks/config/load.ts';
import { conclude, defineCheck } from '../doctor/check.ts';
import { examineCheck } from './examine-check.ts';

const looking = defineCheck({
  id: 'sample.looking',
  section: 'Environment',
  category: 'sample',
  title: 'It looks around',
  budgetMs: 10_000,
  probe: ({ target, cwd, env, files, options }) => ({
    home: target.home.path,
    note: files.look(`${target.home.path}/deep/er/note.txt`).kind,
    file: files.look(`${cwd}/main.ts`).kind,
    names: Object.keys(env),
    options: `${options.offline} ${options.exec}`,
  }),
  judge: ({ home, names, ...details }) =>
    conclude({ summary: home, details: { ...details, names: names.toSorted() } }),
});

test('a check sees the home, project and environment that were made for it, and nothing is left of them', async () => {
  const result = await examineCheck(looking, {
    home: { 'deep/er/note.txt': 'x', 'deep/other.txt': '' },
    project: { 'main.ts': '' },
    env: { CODEX_API_KEY: 'x' },
  });
  expect(result).toMatchObject({
    status: 'ok',
    details: { note: 'found', file: 'found', names: ['CODEX_API_KEY', 'HOME'], options: 'true false' },
  });
  expect(existsSync(result.summary)).toBe(false);
});

test('a built-in check says what it would say of such a home', async () => {
  expect(await examineCheck(configLoad, { home: { 'config.toml': 'model = "o"' } })).toMatchObject({
    status: 'ok',
  });
  expect(await examineCheck(configLoad, { home: { 'config.toml': 'model = ' } })).toMatchObject({
    status: 'fail',
    failure: { class: 'malformed' },
  });
});

test('a crash, a time that ran out and a network that is not there are rows', async () => {
  const throwing = sampleCheck('a.throws', {
    probe: () => {
      throw new Error('boom');
    },
  });
  expect((await examineCheck(throwing)).status).toBe('crashed');
  const hanging = sampleCheck('a.hangs', { probe: () => new Promise(() => undefined), budgetMs: 20 });
  expect((await examineCheck(hanging)).status).toBe('incomplete');
  const asking = sampleCheck('a.asks', { network: true, needs: ['config.load'] });
  expect(await examineCheck(asking)).toMatchObject({ status: 'skipped', skippedBecause: '--offline' });
  expect((await examineCheck(asking, { options: { offline: false } })).status).toBe('ok');
});

test.each(['../out.txt', '/etc/out.txt', 'a/../../out.txt'])('%s is refused', async (path) => {
  await expect(examineCheck(looking, { home: { [path]: '' } })).rejects.toThrow('leads out of its folder');
});
