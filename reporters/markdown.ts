import { markdownOf } from './markdown/document.ts';
import type { Reporter } from './reporter.ts';

/** GitHub takes this many characters as the body of an issue or a comment; other trackers take more. */
const ISSUE_CHARACTERS = 65_536;

/** A report to paste into an issue: verdict, what is wrong, causes, surroundings; the evidence folded away. */
export const markdown: Reporter = (report) =>
  markdownOf(report, { limit: ISSUE_CHARACTERS, sizeOf: ({ length }) => length });
