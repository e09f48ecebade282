import { isUtf8Locale } from '../../../src/host/locale.ts';
import type { EffectiveLocale } from '../../../src/host/locale.ts';
import type { TerminalSize } from '../../../src/host/terminal.ts';
import type { TerminfoFacts, TerminfoPlace } from '../../../src/host/terminfo.ts';
import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';

/** What decides whether the agent's screen can be drawn. */
export interface TerminalEvidence {
  readonly platform: NodeJS.Platform;
  /** Somebody sits in front of it: standard input and output are a terminal. */
  readonly isInteractive: boolean;
  readonly term: string | undefined;
  readonly size: TerminalSize | undefined;
  /** From `COLUMNS` and `LINES`. */
  readonly columns: number | undefined;
  readonly lines: number | undefined;
  readonly locale: EffectiveLocale | undefined;
  readonly terminfo: TerminfoFacts;
}

/** Below this the agent's lines wrap and its dialogs are cut. */
const MIN_COLUMNS = 80;
const MIN_ROWS = 24;

/** Faults of a terminal. A run without one never fails for it, and hears only of what somebody set on purpose. */
export function terminalIssues(seen: TerminalEvidence): VerdictIssue[] {
  return [...typeIssues(seen), ...terminfoIssues(seen), ...localeIssues(seen), ...sizeIssues(seen)];
}

function typeIssues({ term, isInteractive, platform }: TerminalEvidence): VerdictIssue[] {
  const remedy = 'Set TERM to what your terminal emulates, usually: export TERM=xterm-256color';
  if (term === 'dumb')
    return [
      (isInteractive ? fail : warn)({
        class: 'invalid_value',
        cause: isInteractive
          ? 'TERM=dumb tells every program that this terminal has no colors and no cursor'
          : 'TERM=dumb is set, so programs started from here will use neither colors nor the cursor',
        measured: 'TERM=dumb',
        expected: 'the type of a real terminal, such as xterm-256color',
        remedy,
        fields: ['TERM'],
      }),
    ];
  // Windows has no such variable, and a run without a terminal needs none.
  if (term !== undefined || !isInteractive || platform === 'win32') return [];
  return [
    warn({
      class: 'missing',
      cause: 'TERM is not set, so programs cannot know what this terminal can do',
      measured: 'not set',
      expected: 'the type of this terminal, such as xterm-256color',
      remedy,
      fields: ['TERM'],
    }),
  ];
}

const isUsable = ({ state }: TerminfoPlace): boolean => state === 'directory' || state === 'file';

function terminfoIssues({ term, isInteractive, platform, terminfo }: TerminalEvidence): VerdictIssue[] {
  const single = terminfo.named.find(({ variable }) => variable === 'TERMINFO');
  if (single && !isUsable(single)) return [unusablePlaces([single], term)];
  if (terminfo.entry !== undefined || term === undefined || term === 'dumb') return [];
  const unusable = terminfo.named.filter((place) => !isUsable(place));
  // The description stands nowhere else, so a folder that is gone is why.
  if (unusable.length > 0) return [unusablePlaces(unusable, term)];
  // Other systems keep their descriptions in one database file.
  if (!isInteractive || (platform !== 'linux' && platform !== 'darwin')) return [];
  return [
    warn({
      class: 'missing',
      cause: `this machine has no description of the terminal type ${term}`,
      measured: `no terminfo entry for ${term}`,
      expected: 'an entry in ~/.terminfo or /usr/share/terminfo',
      remedy: /^[\w.+-]+$/.test(term)
        ? `Copy it from the machine that the terminal runs on: infocmp -x ${term} | ssh <this machine> tic -x -`
        : 'Set TERM to the name of a terminal type, such as xterm-256color.',
      fields: ['TERM', 'terminfo entry'],
    }),
  ];
}

const PLACE_CLASSES: Readonly<Record<TerminfoPlace['state'], FailureClass>> = {
  missing: 'missing',
  dangling: 'missing',
  loop: 'missing',
  denied: 'unreadable',
  failed: 'unreadable',
  directory: 'wrong_type',
  file: 'wrong_type',
  fifo: 'wrong_type',
  socket: 'wrong_type',
  device: 'wrong_type',
};

function unusablePlaces(places: readonly TerminfoPlace[], term: string | undefined): VerdictIssue {
  const [first] = places;
  const variable = first?.variable ?? 'TERMINFO';
  const paths = places.map(({ path }) => path).join(', ');
  return warn({
    class: PLACE_CLASSES[first?.state ?? 'missing'],
    cause: `${variable} names ${paths}, where no terminal descriptions can be read`,
    measured: places.map(({ path, state }) => `${path}: ${state}`).join(', '),
    expected: `folders with terminal descriptions${term === undefined ? '' : `, one of them with ${term}`}`,
    remedy: `Unset ${variable}, or let it name folders that exist.`,
    fields: [variable === 'TERMINFO' ? 'TERMINFO' : 'TERMINFO_DIRS entry'],
  });
}

function localeIssues({ locale, isInteractive, platform }: TerminalEvidence): VerdictIssue[] {
  if (platform === 'win32' || (locale && isUtf8Locale(locale))) return [];
  // Unset means C, which is no UTF-8 either; automation runs like that everywhere and draws nothing.
  if (!locale && !isInteractive) return [];
  const wanted = platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  return [
    warn({
      class: locale ? 'invalid_value' : 'missing',
      cause: locale
        ? `the locale ${locale.value} is not UTF-8, so symbols and non-English text come out garbled`
        : 'no locale is set, so programs assume plain ASCII and garble symbols and non-English text',
      measured: locale ? `${locale.variable}=${locale.value}` : 'LC_ALL, LC_CTYPE and LANG not set',
      expected: 'a UTF-8 locale',
      remedy: `Set ${locale?.variable ?? 'LANG'} to a UTF-8 locale, such as: export ${locale?.variable ?? 'LANG'}=${wanted}`,
      fields: ['effective locale'],
    }),
  ];
}

/** What the terminal says counts; the variables only where there is no terminal to ask. Either is judged once. */
function sizeIssues({ size, columns, lines }: TerminalEvidence): VerdictIssue[] {
  const width = size?.columns ?? columns;
  const height = size?.rows ?? lines;
  const remedy = size
    ? 'Enlarge the window or make its font smaller.'
    : 'Unset COLUMNS and LINES, so that programs ask the terminal.';
  const issues: VerdictIssue[] = [];
  if (width !== undefined && width < MIN_COLUMNS)
    issues.push(
      warn({
        class: 'mismatch',
        cause: `the terminal is ${width} columns wide, so output wraps`,
        measured: size ? `${width} columns` : `COLUMNS=${width}`,
        expected: `at least ${MIN_COLUMNS} columns`,
        remedy,
        fields: [size ? 'terminal size' : 'COLUMNS'],
      }),
    );
  if (height !== undefined && height < MIN_ROWS)
    issues.push(
      warn({
        class: 'mismatch',
        cause: `the terminal is ${height} rows high, so content scrolls away`,
        measured: size ? `${height} rows` : `LINES=${height}`,
        expected: `at least ${MIN_ROWS} rows`,
        remedy,
        fields: [size ? 'terminal size' : 'LINES'],
      }),
    );
  return issues;
}
