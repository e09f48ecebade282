import { EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { noticeOnError, readInput, systemInput } from '../standard-input.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildApplyPatchOptions } from './options.ts';

/** No patch that a model writes is larger, and no file that it may change. */
const MAX_PATCH_BYTES = 32 * 1024 * 1024;

/** `stethos apply-patch`: the stand-alone program of spec/agent-core.md 2.3. */
export const applyPatch: Command = async (argv, parser) => {
  const args = buildApplyPatchOptions(parser(argv, 'stethos apply-patch')).parseSync();
  if (isAnswered(args)) return;
  const words = args._.map(String);
  if (words.length > 1)
    throw new UsageError(`A patch is one argument, not ${words.length}.`, 'Put the whole patch in quotes.');
  const patch = await patchOf(words[0]);
  if (patch.trim() === '') throw noPatch();
  const { cwd, isGone } = workingDirectory(process.env);
  if (isGone) throw new Problem('The folder that the shell stands in is gone. Go to another one first.');
  const { runApplyPatchCommand } = await import('../../agent/index.ts');
  const { exitCode, stdout, stderr } = await runApplyPatchCommand({
    argv: [patch],
    stdin: () => Promise.resolve(''),
    cwd,
  });
  if (stderr !== '') process.stderr.write(stderr);
  finish(stdout, { exitCode, what: 'what was changed', unwritten: EXIT_FAILED });
};

async function patchOf(given: string | undefined): Promise<string> {
  if (given !== undefined && given !== '-') return given;
  if (given === undefined && systemInput.isTerminal) throw noPatch();
  const read = await readInput(systemInput, {
    what: 'the patch',
    maxBytes: MAX_PATCH_BYTES,
    notice: noticeOnError,
  });
  if (read.kind === 'problem') throw new Problem(read.message);
  return read.text;
}

const noPatch = (): UsageError =>
  new UsageError('There is no patch.', 'Give it as one argument, or pipe it into standard input.');
