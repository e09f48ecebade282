import { expect, test } from 'vitest';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import { createTeller, seconds } from './tell.ts';

const report = redactReport(sampleReport, { userDirectory: '/home/ann' });

function told({ columns, isAscii = false }: { columns?: number; isAscii?: boolean }): string {
  let text = '';
  const teller = createTeller({
    write: (piece) => (text += piece),
    columns,
    isAscii,
    elapsedMs: () => 400,
    forMs: 60_000,
  });
  teller.looking();
  teller.seen(report, { isNew: true, pauseMs: 2_000 });
  teller.looking();
  teller.seen(report, { isNew: false, pauseMs: 3_000 });
  teller.end();
  teller.say('reached\u001B[2J');
  return text;
}

test('a terminal has one line that is rewritten and fits', () => {
  const lines = told({ columns: 60 }).split('\r\u001B[2K');
  expect(lines).toEqual([
    '',
    'Waiting 0.4 s of 60 s: Examining',
    ...Array.from({ length: 3 }, () => 'Waiting 0.4 s of 60 s: Verdict: failed — 3 failures of 2 ca'),
    String.raw`stethos: reached\u001b[2J` + '\n',
  ]);
});

test('elsewhere there is a line per change', () => {
  const lines = told({ isAscii: true }).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^stethos: after 0\.4 s: Verdict: failed - 3 failures .*\(next look in 2 s\)$/);
});

test.each([
  [0, '0 s'],
  [430, '0.4 s'],
  [9_960, '10 s'],
  [61_400, '61 s'],
])('%i ms are %s', (durationMs, words) => expect(seconds(durationMs)).toBe(words));
