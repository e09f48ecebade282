import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { codex } from '../profile.ts';
import { loadEnvironment } from './environment.ts';

const load = (path: string, env: Record<string, string> = {}): ReturnType<typeof loadEnvironment> =>
  loadEnvironment({ home: { profile: codex, path, source: '--home' }, env, files });

test('the file of the home replaces the shell, but not for the own variables of the agent', () => {
  const home = temporaryHome({ '.env': 'KEY=file\nCODEX_API_KEY=file\nNEW=1\nSAME=1\n' });
  const environment = load(home, { KEY: 'shell', CODEX_API_KEY: 'shell', SAME: '1' });
  expect(environment.values).toMatchObject({ KEY: 'file', CODEX_API_KEY: 'shell', NEW: '1' });
  expect(environment.originOf('KEY')).toBe('.env (replaces the value of the shell)');
  expect(environment.originOf('CODEX_API_KEY')).toBe('shell');
  expect(environment.originOf('NEW')).toBe('.env');
  expect(environment.originOf('SAME')).toBe('.env');
  expect(environment.originOf('NONE')).toBeUndefined();
  expect(environment.file).toMatchObject({ kind: 'read', reservedNames: ['CODEX_API_KEY'] });
});

test('a folder in place of the file is named and takes nothing away', () => {
  const home = temporaryHome();
  mkdirSync(join(home, '.env'));
  expect(load(home, { A: '1' })).toMatchObject({
    values: { A: '1' },
    file: { kind: 'unusable', state: 'directory' },
  });
});

test('names of object members are ordinary variables', () => {
  const environment = load(temporaryHome({ '.env': '__proto__=x\nconstructor=y\n' }));
  expect(environment.values['constructor']).toBe('y');
  expect(environment.values['toString']).toBeUndefined();
});
