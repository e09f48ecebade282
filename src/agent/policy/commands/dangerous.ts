import { basename } from 'node:path';

/** Whether a command deletes without a question: `rm -f`, `rm -rf` and their like, also behind `sudo` (spec/agent-core.md 3.2). */
export function isDangerous(words: readonly string[]): boolean {
  const [program, ...rest] = words;
  switch (program === undefined ? '' : basename(program)) {
    case 'rm':
      return isForced(rest);
    case 'sudo':
      // Which of sudo's own options take a value is not worth knowing: any word may be the command.
      return rest.some((_, index) => isDangerous(rest.slice(index)));
    default:
      return false;
  }
}

function isForced(given: readonly string[]): boolean {
  const end = given.indexOf('--');
  const options = end < 0 ? given : given.slice(0, end);
  return options.some((word) =>
    word.startsWith('--') ? word.length > 2 && '--force'.startsWith(word) : /^-.*f/.test(word),
  );
}
