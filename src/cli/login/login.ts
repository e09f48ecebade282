import type { Account } from '../../agent/index.ts';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { errorCode } from '../../host/files.ts';
import { visible } from '../../redact/control.ts';
import { Secret } from '../../redact/secret.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { noticeOnError, readInput, systemInput } from '../standard-input.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildLoginOptions, buildLogoutOptions, loginOptions, logoutOptions } from './options.ts';
import { describeStatus } from './status.ts';

/** A key has a few hundred characters; whoever pipes in a file gets told. */
const MAX_KEY_BYTES = 64 * 1024;
const PIPE_IT = 'Pipe it in: printenv OPENAI_API_KEY | stethos login --with-api-key';

/** `stethos login`, with an API key from standard input, and `stethos login status`. */
export const login: Command = async (argv, parser) => {
  const args = buildLoginOptions(parser(argv, 'stethos login', loginOptions)).parseSync();
  if (isAnswered(args)) return;
  const words = args._.map(String);
  const isStatus = words.length === 1 && words[0] === 'status';
  // The word is not repeated: it may be the key.
  if (words.length > 0 && !isStatus)
    throw new UsageError('login takes no word but status, and a key from standard input only.', PIPE_IT);
  const account = await openedAccount(args.home);
  if (isStatus) return printStatus(account, args.home);
  if (!args['with-api-key']) throw new UsageError(POSSIBLE, INSTEAD);
  return signIn(account);
};

/** `stethos logout`. */
export const logout: Command = async (argv, parser) => {
  const args = buildLogoutOptions(parser(argv, 'stethos logout', logoutOptions)).parseSync();
  if (isAnswered(args)) return;
  if (args._.length > 0) throw new UsageError(`logout takes options only, not ${args._[0]}.`, HOW_OUT);
  const account = await openedAccount(args.home);
  const { path } = account.status();
  const { removed, revocation, keyring } = await orProblem(`${path} cannot be removed`, () =>
    account.logout(),
  );
  const lines = [removed ? `Signed out: ${path} is removed.` : 'Nobody was signed in.'];
  if (revocation === 'failed')
    lines.push('The server did not take the tokens back; they end by themselves within days.');
  if (keyring) lines.push('A login in the keyring of the operating system stays where it is.');
  const { credential } = account.status();
  if (credential.kind === 'environment') lines.push(`${credential.name} is set, and stays in effect.`);
  print(lines, EXIT_DONE);
};

const POSSIBLE = 'Signing in takes an API key: printenv OPENAI_API_KEY | stethos login --with-api-key';
const INSTEAD =
  'To use a ChatGPT login, sign in with codex and name its home: stethos exec --home ~/.codex "…"';

const HOW_OUT = 'For example: stethos logout --home FOLDER';

async function signIn(account: Account): Promise<never> {
  if (systemInput.isTerminal)
    throw new UsageError('The API key is read from standard input, and that is a terminal.', PIPE_IT);
  const read = await readInput(systemInput, {
    what: 'the API key',
    maxBytes: MAX_KEY_BYTES,
    notice: noticeOnError,
  });
  if (read.kind === 'problem') throw new Problem(read.message);
  const { path } = account.status();
  const done = await orProblem(`${path} cannot be written`, () =>
    account.loginWithApiKey(new Secret(read.text)),
  );
  if (done.kind === 'refused') throw new Problem(done.message);
  const lines = [`The API key is stored in ${done.path}. Whether it is good shows with the first request.`];
  const { credential, provider } = account.status();
  if (credential.kind === 'environment') lines.push(`${credential.name} is set, and goes before it.`);
  else if (credential.kind !== 'stored')
    lines.push(`Provider ${provider}, which is configured, does not use it.`);
  print(lines, EXIT_DONE);
}

function printStatus(account: Account, home: string | undefined): never {
  const { isSignedIn, text } = describeStatus(account.status(), { home });
  print([text.trimEnd()], isSignedIn ? EXIT_DONE : EXIT_FAILED);
}

async function openedAccount(home: string | undefined): Promise<Account> {
  const { openAccount } = await import('../../agent/index.ts');
  return openAccount({
    env: process.env,
    cwd: workingDirectory(process.env).cwd,
    client: { name: 'stethos', version: TOOL_VERSION },
    ...(home !== undefined && { home }),
  });
}

/** What the file system has against it is the user's to mend. */
async function orProblem<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw new Problem(`${what} (${errorCode(error)}).`);
  }
}

function print(lines: readonly string[], exitCode: number): never {
  finish(`${visible(lines.join('\n'))}\n`, { exitCode, what: 'the answer', unwritten: EXIT_FAILED });
}
