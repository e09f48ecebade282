import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../../src/host/files.ts';
import type { PathLook } from '../../src/host/files.ts';
import endpoint from './endpoint.ts';

async function examine(platform: NodeJS.Platform, root: Readonly<Record<string, string | Uint8Array>>) {
  const top = temporaryHome(root);
  const context = testContext({ home: top });
  const seen = await endpoint.probe({
    ...context,
    machine: { ...context.machine, platform },
    files: {
      ...files,
      look: (path): PathLook =>
        path === '/opt/cybereason' && '/guarded' in root
          ? { kind: 'denied', code: 'EACCES' }
          : files.look(join(top, path)),
      readText: (path, limits) => files.readText(join(top, path), limits),
    },
  });
  return endpoint.judge(structuredClone(seen));
}

test.each<[string, NodeJS.Platform, Record<string, string | Uint8Array>, readonly string[]]>([
  ['Falcon on Linux', 'linux', { '/opt/CrowdStrike/falcond': '' }, ['CrowdStrike Falcon']],
  [
    'two at once',
    'linux',
    { '/opt/microsoft/mdatp/sbin/x': '', '/opt/Elastic/Endpoint/elastic-endpoint': '' },
    ['Microsoft Defender for Endpoint', 'Elastic Endpoint'],
  ],
  ['a folder that may not be looked into', 'linux', { '/guarded': '' }, ['Cybereason']],
  ['an application on macOS', 'darwin', { '/Applications/Santa.app/Contents/Info.plist': '' }, ['Santa']],
  [
    'an extension on macOS, in a binary list',
    'darwin',
    { '/Library/SystemExtensions/db.plist': Buffer.from('bplist00\xff\0com.sentinelone.agent\0', 'latin1') },
    ['SentinelOne'],
  ],
])('%s is noted, never judged', async (_title, platform, root, names) => {
  const verdict = await examine(platform, root);
  expect(verdict.issues).toEqual([]);
  expect(verdict.details['endpoint products']).toEqual(names);
  expect(verdict.details['found at']).toHaveLength(names.length);
  expect(verdict.notes).toMatchObject([{ kind: 'info' }]);
});

test.each<[NodeJS.Platform, string]>([
  ['linux', 'none found'],
  ['darwin', 'none found'],
  ['win32', 'not looked for on win32'],
])('an unprotected %s says what was looked for', async (platform, products) => {
  const verdict = await examine(platform, { '/Library/SystemExtensions/db.plist': '<plist/>' });
  expect(verdict).toMatchObject({ kind: 'judged', issues: [], notes: [] });
  expect(verdict.details['endpoint products']).toBe(products);
});
