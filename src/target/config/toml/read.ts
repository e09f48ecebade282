import { parse, TomlError } from 'smol-toml';
import type { ConfigTable } from '../facts.ts';
import { formatKeyPath } from '../key-path.ts';
import { placeOf, statements } from './scan.ts';
import type { Defect, Statement } from './scan.ts';

/** A place where a text is not TOML. Carries no value: the line may hold a secret. */
export interface TomlFault {
  /** 1-based, as the agent counts. */
  readonly line: number;
  readonly column: number;
  /** The key of the broken statement, when it has one. */
  readonly keyPath?: string;
  /** One sentence without a final stop. */
  readonly message: string;
}

export interface TomlRead {
  readonly values: ConfigTable;
  readonly faults: readonly TomlFault[];
}

/** Each fault costs one more parse of the whole text. Who has more than this many needs to start over anyway. */
const MAX_FAULTS = 12;
/** Above this size a text is not searched for a second fault: parsing it again and again would take seconds. */
const MAX_RETRY_LENGTH = 512 * 1024;

/**
 * Reads TOML. A text with faults still yields everything outside the broken statements: each fault is noted, its
 * statement blanked and the rest read again. Below a broken table header nothing is read up to the next header, since
 * those keys would land in the wrong table.
 */
export function readToml(text: string): TomlRead {
  const faults: TomlFault[] = [];
  let source = text;
  for (;;) {
    try {
      return { values: parse(source, { integersAsBigInt: 'asNeeded' }), faults };
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const { fault, rest } = setAside(text, source, error);
      faults.push(fault);
      if (faults.length >= MAX_FAULTS || rest === source || text.length > MAX_RETRY_LENGTH)
        return { values: {}, faults };
      source = rest;
    }
  }
}

function setAside(text: string, source: string, error: TomlError): { fault: TomlFault; rest: string } {
  const offset = offsetOf(source, error);
  const all = [...statements(source)];
  // The parser notices an open list only where the next key does not fit into it, so the first defect up to there counts.
  const defective = all.findIndex(({ defect, start }) => defect !== undefined && start <= offset);
  const index = defective >= 0 ? defective : all.findLastIndex(({ start }) => start <= offset);
  const broken = all[index];
  const fault: TomlFault = {
    ...placeOfFault(text, broken, offset),
    ...(broken &&
      broken.keys.length > 0 && { keyPath: formatKeyPath([...tableOf(all, index), ...broken.keys]) }),
    message: messageOf(broken, error),
  };
  return { fault, rest: broken ? blank(source, broken.start, endOf(broken, all, source)) : source };
}

/** Where the agent's own parser points to, but for what is left open: there the line that opens it says more. */
function placeOfFault(
  text: string,
  broken: Statement | undefined,
  offset: number,
): { line: number; column: number } {
  const left = broken?.defect === 'open_list' || broken?.defect === 'open_table';
  return placeOf(text, broken && left ? broken.start : Math.min(offset, broken?.end ?? offset));
}

/** A pair ends with itself; a header takes along what stands below it, up to the next header. */
function endOf(broken: Statement, all: readonly Statement[], source: string): number {
  if (broken.kind === 'pair') return broken.end;
  return all.find(({ start, kind }) => start > broken.start && kind !== 'pair')?.start ?? source.length;
}

/** The keys of the table that a statement stands in. */
function tableOf(all: readonly Statement[], index: number): readonly string[] {
  if (all[index]?.kind !== 'pair') return [];
  return all.slice(0, index).findLast((statement) => statement.kind !== 'pair')?.keys ?? [];
}

function offsetOf(source: string, { line, column }: TomlError): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = source.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** Line ends stay, so that later faults keep their line. */
function blank(source: string, start: number, end: number): string {
  return source.slice(0, start) + source.slice(start, end).replaceAll(/[^\n]/g, ' ') + source.slice(end);
}

const DEFECTS: Readonly<Record<Defect, string>> = {
  no_equals: 'a key stands here without `=` and a value',
  no_value: 'the key has no value',
  open_header: 'the table header is not closed with `]`',
  open_text: 'the text is not closed with a quote',
  open_list: 'the list is not closed with `]`',
  open_table: 'the inline table is not closed with `}`',
};

/** By a word that the parser's message holds. Its whole message is not shown: it quotes the line. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/redefine/, 'the key or table is defined a second time'],
  [
    /escape/,
    'a backslash in quoted text begins no known escape; write the text in single quotes or double the backslash',
  ],
  [/leading zero/, 'a number must not begin with 0'],
  [/nested/, 'lists or tables are nested too deeply'],
  [/end-of-line/, 'something follows the value on its line'],
  [/control characters/, 'a control character stands in quoted text, or its closing quote is missing'],
  [/invalid value/, 'the value is not TOML; text needs straight quotes'],
  [/key/, 'the key is not TOML; a key with unusual characters needs quotes'],
];

function messageOf(broken: Statement | undefined, error: TomlError): string {
  if (broken?.defect) return DEFECTS[broken.defect];
  const [said = ''] = error.message.split('\n');
  return REASONS.find(([word]) => word.test(said))?.[1] ?? 'the text is not TOML here';
}
