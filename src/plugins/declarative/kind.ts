import { resolve } from 'node:path';
import type { Check } from '../../doctor/check.ts';
import type { CheckContext } from '../../doctor/context.ts';
import { userDirectory } from '../../target/home.ts';

/** Where relative paths of a declared check are meant from. */
export interface Place {
  /** Folder of the declaring file. */
  readonly from: string;
}

/** What a kind makes of one declaration; what all kinds have in common is added to it. */
export interface Work<Evidence> extends Pick<Check<Evidence>, 'probe' | 'judge' | 'network'> {
  /** What is true when the check passes, where its author gives no title. */
  readonly title: string;
}

/** An absolute path of what is written: `~/x`, `./x` or `/x`. */
export const pathOf = (written: string, { from }: Place, { env }: Pick<CheckContext, 'env'>): string =>
  /^~(?:[\\/]|$)/.test(written)
    ? resolve(userDirectory(env), `.${written.slice(1)}`)
    : resolve(from, written);

/** A name that is looked up on PATH has no separator. */
export const isPath = (program: string): boolean => /[\\/]/.test(program);
