import type { NoteKind, Status } from '../../src/doctor/report.ts';

export type Role = Status | `note ${NoteKind}` | 'label' | 'title' | 'command' | 'quiet';
export type Paint = (role: Role, text: string) => string;

/** Colours of the 256-colour palette, as the agent's own report uses them; undefined leaves the text plain. */
const PALETTE: Readonly<Record<Role, number | 'bold' | 'dim' | undefined>> = {
  ok: 10,
  idle: 240,
  warning: 214,
  fail: 196,
  skipped: 240,
  incomplete: 214,
  crashed: 196,
  'note cause': 196,
  'note update': 220,
  'note warning': 214,
  'note info': undefined,
  label: 240,
  title: 'bold',
  command: 117,
  quiet: 'dim',
};

/** chalk is loaded only for a report that is really coloured. */
export async function paintFor(color: boolean): Promise<Paint> {
  if (!color) return (_role, text) => text;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 2 });
  return (role, text) => {
    const look = PALETTE[role];
    if (look === undefined) return text;
    return typeof look === 'number' ? chalk.ansi256(look)(text) : chalk[look](text);
  };
}
