import { conclude, defineCheck } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import { terminalIssues } from './env/issues.ts';
import type { TerminalEvidence } from './env/issues.ts';
import { characterLocale } from '../../src/host/locale.ts';
import { askTmux, askZellij, screenAnswer } from '../../src/host/multiplexer.ts';
import type { MultiplexerAnswer } from '../../src/host/multiplexer.ts';
import { firstLine } from '../../src/host/first-line.ts';
import { chooseColor } from '../../src/host/terminal.ts';
import type { ColorChoice } from '../../src/host/terminal.ts';
import { multiplexerOf, namesMultiplexer, terminalProgram } from '../../src/host/terminal-program.ts';
import type { Multiplexer, TerminalProgram } from '../../src/host/terminal-program.ts';
import { findTerminfo } from '../../src/host/terminfo.ts';
import { userDirectory } from '../../src/target/home.ts';

interface Seen extends TerminalEvidence {
  readonly program: TerminalProgram;
  readonly multiplexer: { readonly name: Multiplexer; readonly answer: MultiplexerAnswer } | undefined;
  readonly streams: Readonly<Record<'stdin' | 'stdout' | 'stderr', boolean>>;
  readonly color: ColorChoice;
  /** Values of variables that hold nothing private; an empty one is `present`. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of variables whose values are nobody's business. */
  readonly present: readonly string[];
}

const SHOWN = ['TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TERM', 'COLUMNS', 'LINES'];
const COLOR_VARIABLES = ['COLORTERM', 'NO_COLOR', 'CLICOLOR', 'CLICOLOR_FORCE', 'FORCE_COLOR', 'COLORFGBG'];
/** Their values name hosts, displays and sockets. */
const PRESENCE_VARIABLES = [
  'SSH_TTY',
  'SSH_CONNECTION',
  'SSH_CLIENT',
  'MOSH_IP',
  'WSL_DISTRO_NAME',
  'WSL_INTEROP',
  'VSCODE_INJECTION',
  'VSCODE_IPC_HOOK_CLI',
  'WAYLAND_DISPLAY',
  'DISPLAY',
  'WT_SESSION',
];

export default defineCheck<Seen>({
  id: 'terminal.env',
  section: 'Environment',
  category: 'terminal',
  title: 'The terminal can show what the agent draws',
  budgetMs: 5_000,
  probe: async (context) => {
    const { env, files, machine, terminal, options } = context;
    const name = multiplexerOf(env);
    const answer = name && (await ask(name, context));
    const term = env['TERM'] || undefined;
    const { stdin, stdout, stderr } = terminal;
    return {
      platform: machine.platform,
      isInteractive: stdin && stdout,
      term: term && firstLine(term),
      size: terminal.size(),
      columns: numberOf(env['COLUMNS']),
      lines: numberOf(env['LINES']),
      locale: characterLocale(env),
      terminfo: findTerminfo(term ?? '', env, { files, userDirectory: userDirectory(env) }),
      program: programOf(env, answer),
      multiplexer: name && answer && { name, answer },
      streams: { stdin, stdout, stderr },
      color: chooseColor({ env, stdoutIsTerminal: stdout, noColor: options.noColor ?? false }),
      values: valuesOf([...SHOWN, ...COLOR_VARIABLES], env),
      present: PRESENCE_VARIABLES.filter((variable) => env[variable]),
    };
  },
  judge: (seen) => {
    const { program, term, isInteractive } = seen;
    const name = [program.name ?? (isInteractive ? 'unknown terminal' : 'no terminal'), program.version];
    return conclude({
      summary: [
        name.filter((part) => part !== undefined).join(' '),
        seen.multiplexer && multiplexerText(seen.multiplexer, seen.values),
        `TERM${term === undefined ? ' not set' : `=${term}`}`,
      ]
        .filter((part) => part !== undefined)
        .join(' · '),
      details: detailsOf(seen),
      issues: terminalIssues(seen),
    });
  },
});

function ask(name: Multiplexer, context: CheckContext): Promise<MultiplexerAnswer> | MultiplexerAnswer {
  const { env, files, helpers, machine } = context;
  if (name === 'screen') return screenAnswer;
  context.waitingFor(`${name} about its client`);
  return name === 'tmux' ? askTmux({ env, files, helpers, uid: machine.uid }) : askZellij({ env, helpers });
}

/** Inside tmux the variables tell who started the server; the client tells who draws now. */
function programOf(env: CheckContext['env'], answer: MultiplexerAnswer | undefined): TerminalProgram {
  const outer = answer?.kind === 'answered' ? answer.terminal : undefined;
  const { name, version } =
    outer && (!env['TERM_PROGRAM'] || namesMultiplexer(env['TERM_PROGRAM'])) ? outer : terminalProgram(env);
  return { name: name && firstLine(name), version: version && firstLine(version) };
}

function multiplexerText({ name, answer }: NonNullable<Seen['multiplexer']>, values: Seen['values']): string {
  const told = answer.kind === 'answered' ? answer.version : undefined;
  const version = told ?? (values['TERM_PROGRAM'] === name ? values['TERM_PROGRAM_VERSION'] : undefined);
  return version === undefined ? name : `${name} ${firstLine(version)}`;
}

function detailsOf(seen: Seen): Record<string, DetailValue | undefined> {
  const { program, multiplexer, streams, size, color, values, terminfo, locale } = seen;
  const answer = multiplexer?.answer;
  return {
    terminal: program.name ?? 'unknown',
    TERM_PROGRAM: values['TERM_PROGRAM'],
    'terminal version': program.version,
    TERM: seen.term ?? 'not set',
    multiplexer: multiplexer && multiplexerText(multiplexer, values),
    'stdin is terminal': streams.stdin,
    'stdout is terminal': streams.stdout,
    'stderr is terminal': streams.stderr,
    'terminal size': size ? `${size.columns}x${size.rows}` : 'unavailable (no output is a terminal)',
    COLUMNS: seen.columns ?? values['COLUMNS'],
    LINES: seen.lines ?? values['LINES'],
    'color output': `${color.enabled ? 'enabled' : 'disabled'} (${color.reason})`,
    ...Object.fromEntries(COLOR_VARIABLES.map((name) => [name, values[name]])),
    TERMINFO: placesText(terminfo, 'TERMINFO')[0],
    'TERMINFO_DIRS entry': nonEmpty(placesText(terminfo, 'TERMINFO_DIRS')),
    'terminfo entry': terminfo.entry ?? 'none found',
    'effective locale': locale ? `${locale.value} (${locale.variable})` : 'not set',
    ...Object.fromEntries(seen.present.map((name) => [name, 'present'])),
    ...(answer?.kind === 'answered' && {
      ...Object.fromEntries(Object.entries(answer.options).map(([name, value]) => [`tmux ${name}`, value])),
      'tmux client termtype': answer.termtype,
      'tmux client termname': answer.termname,
    }),
    ...(answer?.kind === 'unknown' && { [`${multiplexer?.name} options`]: `unknown: ${answer.reason}` }),
  };
}

function placesText({ named }: Seen['terminfo'], variable: string): string[] {
  return named
    .filter((place) => place.variable === variable)
    .map(({ path, state }) => `${firstLine(path)} (${state})`);
}

const nonEmpty = (list: readonly string[]): readonly string[] | undefined =>
  list.length === 0 ? undefined : list;

function valuesOf(names: readonly string[], env: CheckContext['env']): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, firstLine(value) || 'present']];
    }),
  );
}

/** A number of columns or lines; 0 and what is no number mean nothing. */
function numberOf(value: string | undefined): number | undefined {
  return value !== undefined && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined;
}
