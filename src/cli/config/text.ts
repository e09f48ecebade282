import { visibleInOneLine } from '../../redact/control.ts';
import { formatCount } from '../../host/units.ts';
import { columns } from '../columns.ts';
import type { ConfigView, ShownFile } from './view.ts';

/** The settings for a reader. */
export async function configText(view: ConfigView): Promise<string> {
  const { waivers, plugins, checks, untrusted } = view;
  const parts = [
    await columns([
      ['KEY', 'VALUE', 'FROM'],
      ...view.keys.map(({ key, value, source }) => [key, valueText(value), source.where]),
    ]),
    await section(
      'Waivers',
      waivers.map((waiver) => [
        waiver.class === undefined ? waiver.check : `${waiver.check} (${waiver.class})`,
        leftText(waiver),
        waiver.source,
        waiver.reason,
      ]),
    ),
    await section(
      'Plugins',
      plugins.map(({ specifier, source }) => [specifier, source.where]),
    ),
    await section(
      'Declared checks',
      checks.map(({ id, source }) => [id ?? '(without id)', source.where]),
    ),
    await section(
      'Not followed, since the project is not trusted (--trust-project)',
      untrusted.map((key) => [key]),
    ),
    await section('Files', filesCells(view.files)),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

export const pathText = (files: readonly ShownFile[]): Promise<string> => columns(filesCells(files));

const filesCells = (files: readonly ShownFile[]): readonly (readonly string[])[] =>
  files.map(({ kind, path, exists }) => [kind, path, exists ? 'read' : 'does not exist']);

async function section(title: string, rows: readonly (readonly string[])[]): Promise<string> {
  if (rows.length === 0) return '';
  const text = await columns(rows);
  return `${title}\n${text.replaceAll(/^/gm, '  ').trimEnd()}\n`;
}

function valueText(value: ConfigView['keys'][number]['value']): string {
  if (value === null) return '(not set)';
  if (typeof value !== 'object') return visibleInOneLine(String(value));
  return value.length === 0 ? '(none)' : value.join(', ');
}

function leftText({ expires, daysLeft }: ConfigView['waivers'][number]): string {
  if (daysLeft < 0) return `expired on ${expires}`;
  return daysLeft === 0
    ? `until ${expires}, today`
    : `until ${expires}, ${formatCount(daysLeft, 'day')} left`;
}
