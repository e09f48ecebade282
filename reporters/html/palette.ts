/** Colours by what they say; each has to be readable on what it stands on (WCAG 2.2, 1.4.3), which a test computes. */
export interface Palette {
  readonly page: string;
  readonly panel: string;
  /** Behind code and table heads. */
  readonly shade: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  readonly ok: string;
  readonly warning: string;
  readonly fail: string;
  readonly crashed: string;
  /** Rings of what has no answer, and their words. */
  readonly calm: string;
  /** The mark in a filled sign. */
  readonly mark: string;
  readonly okSoft: string;
  readonly warningSoft: string;
  readonly failSoft: string;
  readonly found: string;
}

export const LIGHT: Palette = {
  page: '#f6f7fa',
  panel: '#ffffff',
  shade: '#f0f2f7',
  line: '#e0e4ed',
  text: '#1a1f2c',
  quiet: '#545c70',
  accent: '#3547c8',
  ok: '#16784a',
  warning: '#955400',
  fail: '#c0222e',
  crashed: '#9c1a78',
  calm: '#596278',
  mark: '#ffffff',
  okSoft: '#e8f6ef',
  warningSoft: '#fdf4e3',
  failSoft: '#fdeeee',
  found: '#ffe58a',
};

export const DARK: Palette = {
  page: '#0f1219',
  panel: '#171b25',
  shade: '#1f2431',
  line: '#2c3344',
  text: '#e7eaf3',
  quiet: '#a3abbf',
  accent: '#a3b3ff',
  ok: '#5ccb91',
  warning: '#e8b05a',
  fail: '#ff868d',
  crashed: '#f288cb',
  calm: '#a3abbf',
  mark: '#10131b',
  okSoft: '#14271e',
  warningSoft: '#2b2415',
  failSoft: '#321a1f',
  found: '#6b5310',
};

const SOFT = { ok: 'okSoft', warning: 'warningSoft', fail: 'failSoft' } as const;

/** What is written on what; every pair has to reach 4.5 to 1. */
export const WRITTEN_ON: readonly (readonly [text: keyof Palette, ground: keyof Palette])[] = [
  ...(['page', 'panel', 'shade', 'okSoft', 'warningSoft', 'failSoft'] as const).flatMap((ground) =>
    (['text', 'quiet', 'accent'] as const).map((text) => [text, ground] as const),
  ),
  ...(['ok', 'warning', 'fail', 'crashed', 'calm'] as const).flatMap((text) => [
    [text, 'page'] as const,
    [text, 'panel'] as const,
    ['mark', text] as const,
  ]),
  ...(Object.entries(SOFT) as readonly (readonly [keyof typeof SOFT, keyof Palette])[]),
  ['crashed', 'failSoft'],
  ['calm', 'warningSoft'],
  ['text', 'found'],
];

/** As custom properties of CSS: `okSoft` is `--ok-soft`. */
export const variablesOf = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}:${colour}`)
    .join(';');
