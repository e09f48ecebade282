import type { Argv, Options } from 'yargs';

/** What the help page of a command is made of. */
export interface CommandOutline {
  /** Lines of usage with `$0` for the program and its command, then what it does. */
  readonly usage: string;
  readonly options: Readonly<Record<string, Options>>;
  /** Exit codes and examples. */
  readonly epilogue: string;
}

/** What a command tells a parser about itself, without a parser: building one takes longer than completing a word. */
export function outlineOf(build: (command: Argv) => Argv): CommandOutline {
  const outline = { usage: '', options: {} as Record<string, Options>, epilogue: '' };
  const heard: Readonly<Record<string, (...told: readonly unknown[]) => void>> = {
    usage: (text) => void (outline.usage = String(text)),
    epilogue: (text) => void (outline.epilogue = String(text)),
    options: (table) => void Object.assign(outline.options, table),
    option: (name, option) => void (outline.options[String(name)] = option as Options),
  };
  const listener: Argv = new Proxy({} as Argv, {
    get:
      (_target, method) =>
      (...told: readonly unknown[]) => {
        heard[String(method)]?.(...told);
        return listener;
      },
  });
  build(listener);
  return outline;
}

/** One way to call a command: `$0 resume [session] [prompt] [options]` has the verb `resume`. */
export interface UsageLine {
  readonly verb: string | undefined;
  /** What stands for words of the user, without its brackets: `session`, `id or name`, `check|class`. */
  readonly placeholders: readonly string[];
}

/** The lines of an outline's usage that show how to call it. */
export const usageLinesOf = ({ usage }: CommandOutline): readonly UsageLine[] =>
  [...usage.matchAll(/^(?:\$0|stethos \S+)(?: ([a-z][a-z-]*)(?= |$))?(.*)$/gm)].map(
    ([, verb, rest = '']) => ({
      verb,
      // What a line says about itself stands behind several blanks.
      placeholders: [...(rest.split(/ {2,}/)[0] ?? '').matchAll(/[<[]([^\]>]+)[\]>]|([A-Z]{2,}…?)/g)]
        .map(([, inBrackets, inCapitals = '']) => inBrackets ?? inCapitals.toLowerCase())
        .filter((name) => name !== 'options'),
    }),
  );
