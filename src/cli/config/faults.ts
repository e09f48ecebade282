import { builtInChecks } from '../../../checks/index.ts';
import { files } from '../../host/files.ts';
import { readSettingsText } from '../../settings/file-text.ts';
import { readSettingsFile } from '../../settings/files.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings, SettingsFault, Source } from '../../settings/settings.ts';
import type { Environment } from '../../target/home.ts';

interface Place {
  readonly env: Environment;
  readonly cwd: string;
}

/** What is wrong with everything that would be read. Nothing in it is followed, so trust is no matter. */
export async function faultsOfSettings({ env, cwd }: Place): Promise<readonly SettingsFault[]> {
  const read = readSettings({ env, cwd, files, trustProject: true });
  return read.kind === 'faulty' ? read.faults : declaredFaults(read.settings);
}

/** What is wrong with one file. */
export async function faultsOfFile(path: string, { cwd }: Place): Promise<readonly SettingsFault[]> {
  const content = readSettingsFile(path, path, files);
  if (content.kind === 'absent') return [{ path, problem: 'does not exist' }];
  if (content.kind === 'faulty') return [content.fault];
  const { faults, checks } = readSettingsText(content.text, { kind: 'project', shown: path });
  if (faults.length > 0) return faults;
  return declaredFaults({ checks: checks.map((check) => ({ ...check, from: cwd })), plugins: [] });
}

/** Only a whole run knows the checks of plugins: with plugins, an id that no check has yet may be theirs. */
async function declaredFaults({
  checks,
  plugins,
}: Pick<Settings, 'checks' | 'plugins'>): Promise<readonly SettingsFault[]> {
  if (checks.length === 0) return [];
  const { declaredChecks } = await import('../../plugins/declarative/declared-checks.ts');
  const needed = plugins.length === 0 ? [] : checks.flatMap(({ table }) => table['needs'] ?? []);
  const known = [...builtInChecks.map(({ id }) => id), ...needed.filter((id) => typeof id === 'string')];
  return declaredChecks(checks, { known }).faults.map(({ source, id, problem, suggestion }) => ({
    ...placeOf(source),
    problem: id === undefined ? problem : `${id}: ${problem}`,
    ...(suggestion !== undefined && { suggestion }),
  }));
}

/** A declared check knows the line of its table. */
function placeOf({ where }: Source): Pick<SettingsFault, 'path' | 'line' | 'column'> {
  const [, path, line] = /^(.*), line (\d+)$/s.exec(where) ?? [];
  return path === undefined ? { path: where } : { path, line: Number(line), column: 1 };
}
