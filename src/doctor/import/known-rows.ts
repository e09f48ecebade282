import type { Section } from '../report.ts';

/** Where the rows of `codex doctor` stand (spec/doctor.md 3); its reports name no section. */
const SECTION_OF_AREA: Readonly<Record<string, Section>> = {
  system: 'Environment',
  security: 'Environment',
  runtime: 'Environment',
  installation: 'Environment',
  git: 'Environment',
  terminal: 'Environment',
  state: 'Environment',
  desktop: 'Environment',
  config: 'Configuration',
  auth: 'Configuration',
  mcp: 'Configuration',
  sandbox: 'Configuration',
  updates: 'Updates',
  network: 'Connectivity',
  app_server: 'Background Server',
  agent: 'Agent',
  telemetry: 'Telemetry',
};

/** Labels of rows that are not the first part of their id. */
const CATEGORY_OF_ID: Readonly<Record<string, string>> = {
  installation: 'install',
  'system.disk': 'disk',
  'runtime.search': 'search',
  'terminal.title': 'title',
  'state.rollout_db_parity': 'threads',
  'network.websocket_reachability': 'websocket',
  'network.provider_reachability': 'reachability',
  'app_server.status': 'app-server',
};

const areaOf = (id: string): string => id.split('.')[0] ?? id;

/** Rows that nobody here knows are somebody's plugin. */
export const sectionOf = (id: string): Section => SECTION_OF_AREA[areaOf(id)] ?? 'Plugins';

export const categoryOf = (id: string): string => CATEGORY_OF_ID[id] ?? areaOf(id);
