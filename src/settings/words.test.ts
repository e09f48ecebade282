import { expect, test } from 'vitest';
import { effectiveDoctorSettings } from './effective.ts';
import type { DoctorFlags } from './effective.ts';
import type { Settings } from './settings.ts';
import { faultText, settingsNotes } from './words.ts';

const project = { kind: 'project', where: 'stethos.toml, line 3' } as const;

function notes(
  doctor: Settings['doctor'],
  flags: DoctorFlags = {},
  untrusted: readonly string[] = [],
): readonly string[] {
  const found = settingsNotes({ untrusted }, effectiveDoctorSettings({ doctor }, flags));
  expect(found.every(({ kind, check }) => kind === 'info' && check === 'settings')).toBe(true);
  return found.map(({ text }) => text);
}

test('what a file or a variable leaves out is told; what the command line says, its reader knows', () => {
  const skip = { value: ['state.*'], source: project };
  expect(notes({})).toEqual([]);
  expect(notes({ skip })).toEqual(['stethos.toml, line 3: state.* is left out']);
  expect(notes({ skip }, { skip: ['git.*'] })).toEqual([]);
  expect(notes({ skip: { value: [], source: project } })).toEqual([]);
  expect(
    notes({
      only: { value: Array.from({ length: 12 }, (_, index) => `c.${index}`), source: project },
      offline: { value: true, source: { kind: 'environment', where: 'STETHOS_OFFLINE' } },
      noExec: { value: true, source: project },
      failOn: { value: 'never', source: project },
    }),
  ).toEqual([
    'stethos.toml, line 3: only c.0, c.1, c.2, c.3, c.4, c.5, c.6, c.7 and 4 more is examined',
    'STETHOS_OFFLINE: no other machine is asked',
    'stethos.toml, line 3: no helper program is run',
    'stethos.toml, line 3: no finding makes the exit code 1',
  ]);
  expect(notes({ failOn: { value: 'warn', source: project } })).toEqual([]);
});

test('what does not count is named', () => {
  expect(notes({}, {}, ['plugins.load', 'check acme.vpn'])).toEqual([
    "the project's stethos.toml says plugins.load, check acme.vpn, which counts with --trust-project alone",
  ]);
});

test('a fault is one line, with its place as far as there is one', () => {
  expect(
    faultText({ path: 'stethos.toml', line: 3, column: 1, problem: 'x is not known', suggestion: 'y' }),
  ).toBe('stethos.toml:3:1: x is not known. Did you mean y?');
  expect(faultText({ path: 'stethos.toml', problem: 'is a fifo, not a file' })).toBe(
    'stethos.toml: is a fifo, not a file.',
  );
  expect(faultText({ path: 'STETHOS_TARGET', problem: 'STETHOS_TARGET is "x"' })).toBe(
    'STETHOS_TARGET is "x".',
  );
});
