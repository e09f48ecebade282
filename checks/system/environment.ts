import { conclude, defineCheck } from '../../src/doctor/check.ts';
import { languageTag } from '../../src/host/locale.ts';
import { firstLine } from '../../src/host/first-line.ts';
import { operatingSystem } from '../../src/host/operating-system.ts';
import { automation, containerKind, timeZone, windowsSubsystem } from '../../src/host/surroundings.ts';

/** Shown as they are: they name a language and an encoding. */
const LOCALE_VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LANG', 'LANGUAGE'];
/** Commands that may carry anything, so only whether they are set is said. */
const EDITOR_VARIABLES = ['VISUAL', 'EDITOR'];
const PAGER_VARIABLES = ['PAGER', 'GIT_PAGER', 'GH_PAGER', 'LESS'];

export default defineCheck({
  id: 'system.environment',
  section: 'Environment',
  category: 'system',
  title: 'The machine is described',
  budgetMs: 1_000,
  probe: ({ env, files, machine }) => ({
    os: operatingSystem(files, machine),
    kernel: machine.kernel,
    architecture: machine.architecture,
    processor: machine.processor,
    language: languageTag(env),
    locale: valuesOf(LOCALE_VARIABLES, env),
    editors: Object.fromEntries(EDITOR_VARIABLES.map((name) => [name, env[name] ? 'set' : 'not set'])),
    pagers: Object.keys(valuesOf(PAGER_VARIABLES, env)),
    timeZone: timeZone(env, files),
    container: containerKind(env, files),
    subsystem: windowsSubsystem(machine),
    automation: automation(env),
    isAdministrator: machine.uid === 0,
  }),
  judge: (seen) => {
    const { os, kernel, architecture, processor, language } = seen;
    return conclude({
      summary: [os.name, architecture, language ? `language ${language}` : 'no language set'].join(' · '),
      details: {
        os: os.name,
        'os type': os.type,
        'os version': os.version,
        kernel,
        architecture,
        processor,
        'os language': language ?? 'unavailable',
        ...seen.locale,
        ...seen.editors,
        ...Object.fromEntries(seen.pagers.map((name) => [name, 'set'])),
        'time zone': seen.timeZone ?? 'unavailable',
        container: seen.container ?? 'none detected',
        subsystem: seen.subsystem,
        automation: seen.automation ?? 'none detected',
        'running as root': seen.isAdministrator,
      },
    });
  },
});

/** Variables that are present, even when empty. */
function valuesOf(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, firstLine(value)]];
    }),
  );
}
