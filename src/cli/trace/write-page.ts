import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../host/files.ts';
import { EXIT_DONE, EXIT_FAILED } from '../command.ts';
import { finish, print } from '../finish.ts';
import { Problem } from '../problem.ts';

/** It holds what people and models said. */
const FILE_MODE = 0o600;
/** Pieces of a page are small; this many characters are written at once. */
const CHUNK = 256 * 1024;
const STANDARD_OUTPUT = '-';

/**
 * Writes a page piece by piece, prints where it stands and ends the process. A file that exists stays as it is, unless it
 * is to be replaced; then it is the old one or the whole new one at every moment. Nothing half-written is left behind.
 * @throws Problem
 */
export function writePage(
  target: string,
  pieces: Iterable<string>,
  { isReplacing }: { readonly isReplacing: boolean },
): never {
  if (target === STANDARD_OUTPUT) {
    for (const chunk of inChunks(pieces)) print(chunk, { what: 'the page', unwritten: EXIT_FAILED });
    process.exit(EXIT_DONE);
  }
  const draft = isReplacing
    ? join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
    : target;
  let isOurs = false;
  try {
    const descriptor = openSync(draft, 'wx', FILE_MODE);
    isOurs = true;
    try {
      for (const chunk of inChunks(pieces)) writeAll(descriptor, chunk);
    } finally {
      closeSync(descriptor);
    }
    if (isReplacing) renameSync(draft, target);
  } catch (error) {
    if (isOurs) rmSync(draft, { force: true });
    throw problemOf(target, error);
  }
  finish(`${target}\n`, { exitCode: EXIT_DONE, what: 'the path', unwritten: EXIT_FAILED });
}

function problemOf(target: string, error: unknown): unknown {
  // Not an error of the file system: ours.
  if (!(error instanceof Error && 'code' in error)) return error;
  return error.code === 'EEXIST'
    ? new Problem(`${target} exists and stays as it is. Another place, or --force to replace it.`)
    : new Problem(`${target} cannot be written (${errorCode(error)}). Another place: --html FILE`);
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

function* inChunks(pieces: Iterable<string>): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  yield waiting.join('');
}
