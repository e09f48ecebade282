import { builtInChecks } from '../../../checks/index.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { errorCode, files } from '../../host/files.ts';
import { EXIT_DONE, EXIT_FAILED } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { UsageError } from '../usage-error.ts';
import type { ChecksArguments } from './options.ts';
import { checkText, declarationText, NEW_ID, testText } from './template.ts';

const SETTINGS = 'stethos.toml';
const DEFAULT_FOLDER = 'checks';

/**
 * Writes a check to begin with. Nothing that exists is changed.
 * @throws UsageError, Problem
 */
export async function newCheck(
  id: string,
  { declarative, dir }: Pick<ChecksArguments, 'declarative' | 'dir'>,
  { cwd }: { readonly cwd: string },
): Promise<never> {
  if (!NEW_ID.test(id))
    throw new UsageError(
      `${id} is no id of a check.`,
      'It has an area and a noun: stethos checks new acme.vpn',
    );
  if (builtInChecks.some((check) => check.id === id))
    throw new UsageError(`There is a check ${id} already.`, 'stethos checks list names them all.');
  const folder = resolve(cwd, dir ?? (declarative ? '.' : DEFAULT_FOLDER));
  const text = declarative ? await writeDeclaration(id, folder, cwd) : await writeCode(id, folder, cwd);
  finish(text, { exitCode: EXIT_DONE, what: 'what was made', unwritten: EXIT_FAILED });
}

async function writeCode(id: string, folder: string, cwd: string): Promise<string> {
  const [check, test] = [`${id}.ts`, `${id}.test.ts`];
  const paths = [check, test].map((name) => join(folder, name));
  refuseToReplace(paths);
  const title = 'Say what is true when it passes';
  await write(join(folder, check), checkText({ id, section: 'Environment', title, from: 'stethos' }));
  await write(join(folder, test), testText(id, check));
  const [checkPath, testPath] = paths.map((path) => shown(path, cwd));
  return [
    `made ${checkPath}`,
    `made ${testPath}`,
    '',
    'Make it say something true, then',
    '  npm install --save-dev stethos      # once: what the test imports, and types',
    `  node --test ${testPath}`,
    `  stethos doctor --plugin ${checkPath} --only ${id}`,
    '',
  ].join('\n');
}

async function writeDeclaration(id: string, folder: string, cwd: string): Promise<string> {
  const path = join(folder, SETTINGS);
  const declaration = declarationText(id);
  if (files.look(path).kind !== 'missing') {
    process.stderr.write(`stethos: ${shown(path, cwd)} exists and stays as it is: add this to it.\n`);
    return declaration;
  }
  await write(path, declaration);
  return [
    `made ${shown(path, cwd)}`,
    '',
    'Make it say something true; docs/declarative-checks.md has every kind. Then',
    `  stethos doctor --trust-project --only ${id}`,
    '',
  ].join('\n');
}

function refuseToReplace(paths: readonly string[]): void {
  const there = paths.find((path) => files.look(path).kind !== 'missing');
  if (there !== undefined)
    throw new Problem(`${there} exists already, and nothing was written. Another folder: --dir FOLDER`);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(resolve(path, '..'), { recursive: true });
    // Not even what came into being since it was looked for.
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw new Problem(`${path} cannot be written (${errorCode(error)}). Another folder: --dir FOLDER`);
  }
}

/** As it is typed behind a command: a plugin is a path with a dot in front. */
function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : `./${short.replaceAll('\\', '/')}`;
}
