import { expect, test } from 'vitest';
import { groupRootCauses } from './root-causes.ts';
import type { CheckResult, Status } from './report.ts';

function row(id: string, status: Status, because?: string): CheckResult {
  const isBad = status === 'fail' || status === 'warning';
  return {
    id,
    section: 'Environment',
    category: id,
    title: id,
    status,
    summary: `${id} ${status}`,
    details: {},
    issues: isBad
      ? [
          {
            severity: status,
            cause: `${id} broke`,
            measured: 'm',
            expected: 'e',
            remedy: `mend ${id}`,
            fields: [],
            docs: '',
          },
        ]
      : [],
    remediation: isBad ? `mend ${id}` : null,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 0,
    ...(because !== undefined && (isBad ? { causedBy: because } : { skippedBecause: because })),
  };
}

test('a healthy report has no cause', () => {
  expect(groupRootCauses([row('a', 'ok'), row('b', 'idle'), row('c', 'skipped', '--offline')])).toEqual([]);
});

test('symptoms are gathered along the chain, and what explains most comes first', () => {
  const causes = groupRootCauses([
    row('small', 'fail'),
    row('home', 'fail'),
    row('db', 'skipped', 'home'),
    row('threads', 'skipped', 'db'),
    row('remote', 'skipped', '--offline'),
  ]);
  expect(causes.map(({ check, symptoms }) => [check, symptoms])).toEqual([
    ['home', ['db', 'threads']],
    ['small', []],
  ]);
  expect(causes[0]).toMatchObject({ cause: 'home broke', remedy: 'mend home' });
});

test('a warning is a cause only when something was skipped because of it, and stands behind every failure', () => {
  const causes = groupRootCauses([
    row('mild', 'warning'),
    row('odd', 'warning'),
    row('x', 'skipped', 'odd'),
    row('bad', 'fail'),
  ]);
  expect(causes.map(({ check }) => check)).toEqual(['bad', 'odd']);
});

test('a bad row that shows the fault of another bad row is its symptom, wherever the two stand', () => {
  const causes = groupRootCauses([
    row('login', 'fail'),
    row('http', 'fail', 'login'),
    row('socket', 'warning', 'http'),
    row('other', 'skipped', 'socket'),
  ]);
  expect(causes.map(({ check, symptoms }) => [check, symptoms])).toEqual([
    ['login', ['http', 'socket', 'other']],
  ]);
  const turned = groupRootCauses([row('http', 'fail', 'login'), row('login', 'warning')]);
  expect(turned).toMatchObject([{ check: 'login', status: 'fail', symptoms: ['http'] }]);
});

test.each(['ok', 'idle', 'skipped'] as const)('a named cause that is %s explains nothing', (status) => {
  const causes = groupRootCauses([row('login', status), row('http', 'fail', 'login')]);
  expect(causes.map(({ check }) => check)).toEqual(['http']);
});

test('rows that explain each other stand for themselves', () => {
  const causes = groupRootCauses([row('a', 'fail', 'b'), row('b', 'fail', 'a'), row('c', 'fail', 'gone')]);
  expect(causes.map(({ check }) => check).toSorted()).toEqual(['a', 'b', 'c']);
});
