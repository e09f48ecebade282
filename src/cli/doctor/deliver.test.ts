import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { FORMATS } from '../../../reporters/formats.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import { deliver } from './deliver.ts';

afterEach(() => void vi.restoreAllMocks());

test('a report that is longer than a text can be is told of, and the others are written', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const folder = temporaryHome();
  const report = redactReport(sampleReport, { userDirectory: folder, hostName: 'host' });
  const endless = { ...FORMATS.tap, load: async () => () => 'x'.repeat(2 ** 30) };
  const isWhole = await deliver(report, {
    outputs: [
      { name: 'endless', format: endless, file: join(folder, 'endless') },
      { name: 'tap', format: FORMATS.tap, file: join(folder, 'doctor.tap') },
    ],
    look: { noColor: true, ascii: true, all: false },
  });
  expect(isWhole).toBe(false);
  expect(said.mock.calls).toEqual([
    ['stethos: the endless report would be longer than a text can be, and was not written\n'],
  ]);
  expect(readFileSync(join(folder, 'doctor.tap'), 'utf8')).toContain('TAP version 14');
});
