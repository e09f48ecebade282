import type { Plugin } from '../plugin.ts';
import type { Question } from '../protocol.ts';
import { tell } from './tell.ts';

/** The whole text of one of the plugin's formats. */
export async function renderHere(
  plugin: Plugin,
  { name, report, style }: Extract<Question, { kind: 'render' }>,
): Promise<string> {
  const reporter = plugin.reporters?.[name];
  if (!reporter) throw new TypeError(`the plugin has no reporter ${name}`);
  tell({ kind: 'begun' });
  const text: unknown = await reporter.render(report, style);
  if (typeof text !== 'string') throw new TypeError(`render answered with ${typeof text}, not with a text`);
  return text;
}
