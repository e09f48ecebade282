'use strict';
// Needs a supported Node.js. Answers what needs no command line parser, then loads the real program.

const { existsSync, mkdirSync, readFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join, resolve, sep } = require('node:path');

module.exports = function launch(root) {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
    process.stdout.write(`${require('../package.json').version}\n`);
    return;
  }
  // A shell asks at every press of the Tab key: nothing else is loaded then, and nothing written.
  const isCompletion = argv[0] === 'complete';
  const built = join(root, 'dist', isCompletion ? 'complete.cjs' : 'main.cjs');
  const source = join(root, 'src', 'cli', isCompletion ? 'completion/answer.ts' : 'main.ts');
  // A clone runs its sources, so that a stale build can never speak for them.
  const isClone = existsSync(source);
  if (!isClone && printPreparedHelp(root, argv)) return;
  if (!isCompletion) keepCompiledCode();
  try {
    // Both are loaded by require(): Node's ES module loader alone costs a tenth of a whole run.
    require(isClone ? source : built).main(argv);
  } catch (error) {
    process.stderr.write(`stethos: could not be loaded: ${error.message}\nReinstall the package, please.\n`);
    process.exitCode = 3;
  }
};

/** The build writes the help of every command into one file, because building it anew takes longer than printing it. */
function printPreparedHelp(root, argv) {
  const last = argv[argv.length - 1];
  if (argv.length > 3 || (last !== '--help' && last !== '-h')) return false;
  const pages = JSON.parse(readFileSync(join(root, 'dist', 'help.json'), 'utf8'));
  const page = pages[argv.slice(0, -1).join(' ')];
  if (page === undefined) return false;
  process.stdout.write(page);
  return true;
}

/**
 * V8 keeps its compiled code in the user's own cache folder. Not in the temporary folder, which is Node's default: there
 * another user could put the folder first, and compiled code is executed without being checked against its source.
 */
function keepCompiledCode() {
  const cache = process.env.XDG_CACHE_HOME || (process.env.HOME && join(homedir(), '.cache'));
  if (!cache || !isAbsolute(cache) || examinedHomes().some((home) => `${cache}${sep}`.startsWith(home)))
    return;
  const folder = join(cache, 'stethos', 'compile-cache');
  // One by one, because Node's own recursive creation never ends where a folder cannot be made, as below /proc.
  for (const part of [cache, dirname(folder), folder]) {
    try {
      mkdirSync(part, { mode: 0o700 });
    } catch (error) {
      if (error.code !== 'EEXIST') return;
    }
  }
  require('node:module').enableCompileCache(folder);
}

/** Homes that this run may examine, with a separator behind: nothing is written into them. */
function examinedHomes() {
  const option = process.argv.findIndex(
    (argument) => argument === '--home' || argument.startsWith('--home=')
  );
  const named = option === -1 ? undefined : (process.argv[option].split('=')[1] ?? process.argv[option + 1]);
  return [named, process.env.CODEX_HOME, process.env.STETHOS_HOME]
    .filter(Boolean)
    .map((home) => `${resolve(home)}${sep}`);
}
