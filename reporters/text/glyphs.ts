import type { NoteKind, Status } from '../../src/doctor/report.ts';

export interface Glyphs {
  readonly status: Readonly<Record<Status, string>>;
  readonly note: Readonly<Record<NoteKind, string>>;
  readonly bullet: string;
  readonly concerned: string;
  readonly remedy: string;
  readonly joiner: string;
  readonly dash: string;
  readonly rule: string;
  readonly ellipsis: string;
}

export const unicode: Glyphs = {
  status: { ok: '✓', idle: '○', warning: '⚠', fail: '✗', skipped: '–', incomplete: '…', crashed: '‼' },
  note: { cause: '✗', update: '↑', warning: '⚠', info: 'i' },
  bullet: '·',
  concerned: '▸',
  remedy: '→',
  joiner: ' · ',
  dash: ' — ',
  rule: '─',
  ellipsis: '…',
};

export const ascii: Glyphs = {
  status: {
    ok: '[ok]',
    idle: '[--]',
    warning: '[!!]',
    fail: '[XX]',
    skipped: '[  ]',
    incomplete: '[..]',
    crashed: '[**]',
  },
  note: { cause: '[XX]', update: '[up]', warning: '[!!]', info: '[i ]' },
  bullet: '-',
  concerned: '>',
  remedy: '->',
  joiner: ' | ',
  dash: ' - ',
  rule: '-',
  ellipsis: '...',
};
