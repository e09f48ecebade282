import type { Check } from '../../doctor/check.ts';
import { PLUGIN_API } from '../plugin.ts';
import type { Plugin } from '../plugin.ts';
import { NotLoaded } from './tell.ts';

/**
 * The plugin in a module: its default export, a plugin or a check alone.
 * @throws NotLoaded
 */
export function pluginIn(module: unknown): Plugin {
  const exported = isRecord(module) ? module['default'] : undefined;
  // CommonJS that was compiled from an ES module has its default export one level below.
  const value = isRecord(exported) && !isPlugin(exported) ? (exported['default'] ?? exported) : exported;
  if (exported === undefined) throw new NotLoaded('wrong_type', 'it has no default export');
  if (!isRecord(value)) throw new NotLoaded('wrong_type', `its default export is ${typeof value}, no plugin`);
  if (!isPlugin(value))
    throw new NotLoaded('wrong_type', 'its default export is neither a plugin nor a check');
  // A check alone has the name of its id.
  if (!('api' in value))
    return { api: PLUGIN_API, name: String(value['id']), checks: [value as unknown as Check] };
  return value as unknown as Plugin;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isPlugin = (value: Readonly<Record<string, unknown>>): boolean => 'api' in value || 'probe' in value;

/**
 * What a plugin says of itself, without its functions.
 * @throws NotLoaded where a function is missing that it must have
 */
export function manifestOf({ api, name, version, checks = [], reporters = {} }: Plugin): object {
  // Of another version it may say the rest in another way.
  if (api !== PLUGIN_API) return { api };
  return {
    api,
    name,
    version,
    checks: [...checks].map((check) => {
      for (const member of ['probe', 'judge'] as const)
        if (typeof check[member] !== 'function')
          throw new NotLoaded('wrong_type', `its check ${check.id} has no function ${member}`);
      const { id, section, category, title, needs, defersTo, budgetMs, network, docs } = check;
      return { id, section, category, title, needs, defersTo, budgetMs, network, docs };
    }),
    reporters: Object.entries(reporters).map(([format, reporter]) => {
      if (typeof reporter.render !== 'function')
        throw new NotLoaded('wrong_type', `its reporter ${format} has no function render`);
      return { name: format, description: reporter.description };
    }),
  };
}
