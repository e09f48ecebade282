import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { networkChecks, selectChecks } from './select.ts';

const known = ['state.paths', 'state.integrity', 'config.load', 'config.keys', 'installation'];

test.each([
  [[], [], known],
  [['state.paths'], [], ['state.paths']],
  [['state.*'], [], ['state.paths', 'state.integrity']],
  [['config.load,state.paths'], [], ['state.paths', 'config.load']],
  [['config.load', 'installation'], [], ['config.load', 'installation']],
  [['*'], ['state.*'], ['config.load', 'config.keys', 'installation']],
  [[], ['config.*', 'installation'], ['state.paths', 'state.integrity']],
  [['{state,config}.*'], ['*.paths'], ['state.integrity', 'config.load', 'config.keys']],
  [['state.path?'], [], ['state.paths']],
])('--only %j --skip %j', async (only, skip, expected) => {
  expect(await selectChecks(known, { only, skip })).toMatchObject({
    kind: 'selected',
    ids: new Set(expected),
  });
});

test.each([
  [['state.path'], [], 'state.path', 'state.paths'],
  [['state.paths,confg.load'], [], 'confg.load', 'config.load'],
  [[], ['instalation'], 'instalation', 'installation'],
  [['mcp.*'], [], 'mcp.*', undefined],
  [['zzz'], [], 'zzz', undefined],
])('--only %j --skip %j names the pattern that matches nothing', async (only, skip, pattern, suggestion) => {
  expect(await selectChecks(known, { only, skip })).toEqual({ kind: 'unknown', pattern, suggestion });
});

test('skip always wins, whatever the patterns', async () => {
  const patterns = fc.uniqueArray(fc.constantFrom(...known, 'state.*', 'config.*', '*'));
  await fc.assert(
    fc.asyncProperty(patterns, patterns, async (only, skip) => {
      const chosen = await selectChecks(known, { only, skip });
      const skipped = skip.length === 0 ? undefined : await selectChecks(known, { only: skip, skip: [] });
      if (chosen.kind === 'unknown' || skipped?.kind === 'unknown')
        throw new Error('every pattern matches something');
      for (const id of skipped?.ids ?? []) expect(chosen.ids.has(id)).toBe(false);
    }),
  );
});

test('the checks of the connection come with what they build on, in the order of the registry', () => {
  const checks = [
    sampleCheck('config.load'),
    sampleCheck('auth.file'),
    sampleCheck('config.keys'),
    sampleCheck('auth.credentials', { needs: ['config.load'] }),
    sampleCheck('auth.live', { needs: ['auth.credentials'], network: true }),
    sampleCheck('network.env', { section: 'Connectivity', defersTo: ['state.paths'] }),
    sampleCheck('state.paths'),
    sampleCheck('state.growth'),
  ];
  expect(networkChecks(checks)).toEqual([
    'config.load',
    'auth.credentials',
    'auth.live',
    'network.env',
    'state.paths',
  ]);
});
