import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { errorCode, files } from '../../host/files.ts';
import { findRepository } from '../../host/repository.ts';
import type { JsonValue } from '../../host/json.ts';
import type { UserInput } from '../../agent/protocol/op.ts';
import type { Command } from '../command.ts';
import { noticeOnError, systemInput } from '../standard-input.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { Problem } from '../problem.ts';
import type { ExecCommand } from './read-arguments.ts';
import { readExecCommand } from './read-arguments.ts';
import { readPrompt } from './read-input.ts';
import { createOutput } from './output.ts';
import { runOnce } from './run-once.ts';

/**
 * `stethos exec`: one piece of work by the embedded agent, without anybody to ask. Sets the exit code and ends the process:
 * nothing that a tool left behind may keep it alive.
 */
export const exec: Command = async (argv, parser) => {
  const command = readExecCommand(argv, parser);
  if (command) process.exit(await carryOut(command));
};

async function carryOut(command: ExecCommand): Promise<number> {
  const { args, start } = command;
  const cwd = folderOf(args.cd);
  if (!args['skip-git-repo-check'] && !args['dangerously-bypass-approvals-and-sandbox'])
    requireRepository(cwd);
  const outputSchema = args['output-schema'] === undefined ? undefined : readSchema(args['output-schema']);
  const images = args.image.map(imageOf);
  const prompt = await readPrompt(command.prompt, systemInput, noticeOnError);
  if (prompt.kind === 'problem') throw new Problem(prompt.message);
  const output = createOutput(args);
  return runOnce({
    args,
    cwd,
    start,
    items: [{ type: 'text', text: prompt.text }, ...images],
    outputSchema,
    output,
    client: { name: 'stethos', version: TOOL_VERSION },
    saveLastMessage: (text) => saveLastMessage(args['output-last-message'], text),
  });
}

function folderOf(named: string | undefined): string {
  const { cwd, isGone } = workingDirectory(process.env);
  const folder = named === undefined ? cwd : resolve(cwd, named);
  const seen = files.look(folder);
  if (!isGone && seen.kind === 'found' && seen.type === 'directory') return folder;
  if (named !== undefined) throw new UsageError(`--cd ${named} is no folder.`, 'Name one that is there.');
  throw new Problem('The folder that the shell stands in is gone. Go to another one first.');
}

/** Work in a folder without history cannot be taken back, so it has to be asked for. */
function requireRepository(cwd: string): void {
  if (findRepository(cwd, files).kind === 'found') return;
  throw new Problem(
    `${cwd} is not in a Git repository, where changes could be looked at and taken back. Nothing was run.\n` +
      'Say --skip-git-repo-check to work here all the same.',
  );
}

function readSchema(path: string): JsonValue {
  const text = readNamed('--output-schema', path);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new Problem(`--output-schema ${path} is no JSON: ${reason}`);
  }
}

function readNamed(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(`${option} ${path} cannot be read (${errorCode(error)}).`);
  }
}

function imageOf(path: string): UserInput {
  const seen = files.look(path);
  if (seen.kind === 'found' && seen.type === 'file') return { type: 'local_image', path: resolve(path) };
  throw new Problem(`--image ${path} is no file.`);
}

function saveLastMessage(path: string | undefined, text: string | null): void {
  if (path === undefined) return;
  if (text === null) process.stderr.write(`stethos: there is no final message; ${path} is empty\n`);
  try {
    writeFileSync(path, text ?? '');
  } catch (error) {
    throw new Problem(`--output-last-message ${path} cannot be written (${errorCode(error)}).`);
  }
}
