import { isOpaque } from '../opaque.ts';

/** A token that tells by its beginning who made it. */
export interface TokenShape {
  readonly id: string;
  readonly maker: string;
  /** Literals with which the token begins. */
  readonly prefixes: readonly string[];
  /** What follows the prefix; a regular expression that cannot fail beyond a fixed distance. */
  readonly body: string;
  /** Says no to a name that happens to begin like the token. */
  readonly accepts?: (token: string) => boolean;
}

export const WORD = '[A-Za-z0-9_]';
export const URL_SAFE = '[A-Za-z0-9_-]';
export const ALPHANUMERIC = '[A-Za-z0-9]';
export const HEXADECIMAL = '[A-Fa-f0-9]';
export const BASE64 = '[A-Za-z0-9+/=_-]';
/** Shorter than most makers' tokens, so that one cut short is found; longer than a name that begins alike. */
export const LOOSE = `${URL_SAFE}{16,}`;

const hasDigit = (token: string): boolean => /\d/.test(token);

/** Digits, or small and capital letters: for prefixes that are also the beginnings of names. */
export const mixed = (token: string): boolean =>
  hasDigit(token) || (/[a-z]/.test(token) && /[A-Z]/.test(token));

export const hasDigitOrLength =
  (length: number) =>
  (token: string): boolean =>
    hasDigit(token) || token.length >= length;

/** For prefixes that are ordinary words: several digits among letters, or nothing that a person would type. */
export const machineMade = (token: string): boolean =>
  isOpaque(token) || ((token.match(/\d/g)?.length ?? 0) >= 4 && /[A-Za-z]{4}/.test(token));
