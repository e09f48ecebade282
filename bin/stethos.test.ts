import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { expect, test } from 'vitest';
import { schemaErrors } from '../fixtures/schema.ts';
import { runNode } from '../fixtures/run.ts';

const file = (name: string): string => join(import.meta.dirname, name);
const source = (name: string): string => readFileSync(file(name), 'utf8').replace(/^#!.*/, '');

/** Runs the report of an old Node.js in this one, which says what version it pretends to be. */
const asOldNode = (...args: string[]) =>
  runNode([
    '-e',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '10.24.1' } });
     process.argv.splice(1, 0, 'stethos');
     require(${JSON.stringify(file('old-node.js'))})('22.19');`,
    '--',
    ...args,
  ]);

test('an old Node.js gets a report with one failed row', async () => {
  const { exitCode, stdout, stderr } = await asOldNode('doctor', '--json');
  const report = JSON.parse(stdout) as { checks: Record<string, { status: string }> };
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(schemaErrors(report)).toEqual([]);
  expect(report.checks['runtime.node']).toMatchObject({
    status: 'fail',
    details: { version: '10.24.1', required: '22.19' },
  });
});

test('an old Node.js gets the same verdict as a page', async () => {
  const { exitCode, stdout } = await asOldNode('doctor');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('Node.js 10.24.1 is older than stethos needs');
  expect(stdout).toContain('Install Node.js 22.19 or newer');
});

test.each(['stethos.js', 'old-node.js'])('%s is ECMAScript 5, which every Node.js reads', (name) => {
  expect(() => parse(source(name), { ecmaVersion: 5 })).not.toThrow();
});

test('the launcher and the manifest ask for the same Node.js', () => {
  const manifest = JSON.parse(readFileSync(file('../package.json'), 'utf8')) as { engines: { node: string } };
  expect(source('stethos.js')).toContain(
    `REQUIRED = [${manifest.engines.node.replace('>=', '').split('.').slice(0, 2).join(', ')}]`,
  );
});
