import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { inspectBundle } from './inspect.ts';
import { openBundle } from './read.ts';
import { redactBundle } from './redact-again.ts';
import { writeBundle } from './write.ts';

const { signal } = new AbortController();
const SECRETS = 'a.person@mail.example and another@mail.example\n';

test('what is hidden in the report is counted apart from what is hidden in the files', async () => {
  const folder = temporaryHome();
  const path = join(folder, 'notes.txt');
  writeFileSync(path, SECRETS);
  const item = {
    name: 'notes.txt',
    contentType: 'text/plain',
    path,
    bytes: Buffer.byteLength(SECRETS),
    sha256: createHash('sha256').update(SECRETS).digest('hex'),
    hidden: [],
    confident: 0,
  };
  const old = join(folder, 'old.zip');
  const report = { message: 'ask third@mail.example' };
  await writeBundle(old, { report, items: [item], hiddenInReport: [], redactedBy: undefined, signal });
  const bundle = await openBundle(old);
  try {
    const done = await redactBundle(await inspectBundle(bundle), join(folder, 'new.zip'), {
      redaction: { userDirectory: '' },
      version: '1',
      signal,
    });
    expect(done.items.map(({ hidden }) => hidden)).toEqual([[{ rule: 'email', count: 2 }]]);
    expect(done.hiddenInReport).toEqual([{ rule: 'email', count: 1 }]);
  } finally {
    bundle.close();
  }
});
