import { pageOf } from './html/page.ts';
import type { Reporter } from './reporter.ts';

/** One file for a browser that needs nothing else: search, causes, evidence, timeline, and the report itself as JSON. */
export const html: Reporter = (report) => pageOf(report);
