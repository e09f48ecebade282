import type { RuleSet } from '../../agent/index.ts';
import { files } from '../../host/files.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { UsageError } from '../usage-error.ts';
import { buildExecpolicyOptions, execpolicyOptions } from './options.ts';

const INDENT = 2;

/** `stethos execpolicy check` (spec/agent-core.md 3.2). */
export const execpolicy: Command = async (argv, parser) => {
  const isCheck = argv[0] === 'check';
  const rest = isCheck ? argv.slice(1) : argv;
  const args = buildExecpolicyOptions(parser(rest, 'stethos execpolicy', execpolicyOptions)).parseSync();
  if (isAnswered(args)) return;
  if (!isCheck)
    throw new UsageError(
      'execpolicy does one thing, and that is check.',
      'For example: stethos execpolicy check --rules FILE git status',
    );
  const command = args._.map(String);
  if (args.rules.length === 0)
    throw new UsageError('Which rules are to be checked?', 'Name a file of them: --rules FILE');
  if (command.length === 0)
    throw new UsageError('Which command is to be checked?', 'It stands at the end, as it would be typed.');
  const { checkRules } = await import('../../agent/index.ts');
  const sets = await Promise.all(args.rules.map(rulesIn));
  const result = checkRules(sets, command, { resolveExecutables: args['resolve-host-executables'] });
  const text = args.pretty ? JSON.stringify(result, undefined, INDENT) : JSON.stringify(result);
  finish(`${text}\n`, { exitCode: EXIT_DONE, what: 'the answer', unwritten: EXIT_FAILED });
};

async function rulesIn(path: string): Promise<RuleSet> {
  const { parseRules } = await import('../../agent/index.ts');
  const read = files.readText(path);
  if (read.kind !== 'read') throw new Problem(`${path} cannot be read: ${faultOf(read)}.`);
  if (read.truncated || !read.validUtf8)
    throw new Problem(`${path} is ${read.truncated ? 'too large for rules' : 'not UTF-8 text'}.`);
  const parsed = parseRules(read.text);
  if (parsed.kind === 'parsed') return parsed.rules;
  const { line, column, message } = parsed.fault;
  throw new Problem(`${path}:${line}:${column}: ${message}`);
}

function faultOf(read: Exclude<ReturnType<typeof files.readText>, { readonly kind: 'read' }>): string {
  switch (read.kind) {
    case 'missing':
    case 'dangling':
      return 'it does not exist';
    case 'wrong_type':
      return `it is a ${read.type}`;
    case 'loop':
      return 'a link leads back to itself';
    case 'denied':
    case 'failed':
      return read.code;
  }
}
