import { renderText } from './text/report.ts';
import type { Reporter } from './reporter.ts';

/** The detailed report: sections, evidence, what was expected, what to do. */
export const human: Reporter = (report, style) => renderText(report, style, { details: true });
