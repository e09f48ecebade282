import { conclude, defineCheck, skip } from '../../src/doctor/check.ts';

export default defineCheck({
  id: 'runtime.provenance',
  section: 'Environment',
  category: 'runtime',
  title: 'It is known which copy of the agent runs',
  budgetMs: 1_000,
  probe: ({ target, machine }) => {
    const { active, first, command } = target.install();
    return { active, first, command, platform: `${machine.platform}-${machine.architecture}` };
  },
  judge: ({ active, first, command, platform }) => {
    if (!first && !active)
      return skip({
        because: 'installation',
        summary: `no ${command} command was found`,
        details: { platform },
      });
    const details = {
      version: active?.version ?? null,
      platform,
      'install method': active?.method ?? 'unknown',
      'node manager': active?.nodeManager,
      commit: 'unknown',
      'current executable': active?.executable ?? first?.path ?? null,
      'package root': active?.packageRoot,
      command: first?.path,
    };
    return conclude({
      summary: active
        ? `${command} ${active.version ?? 'of unknown version'}${active.method === 'other' ? '' : ` by ${active.method}`} on ${platform}`
        : `${command} at ${first?.path ?? 'no place'} on ${platform}, version not told by metadata`,
      details,
    });
  },
});
