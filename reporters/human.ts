import { SECTIONS } from '../src/doctor/report.ts';
import type { Reporter } from './reporter.ts';

export const human: Reporter = (report) => {
  const lines = [`stethos doctor ${report.tool.version}`, ''];
  for (const section of SECTIONS) {
    const results = Object.values(report.checks).filter((result) => result.section === section);
    if (results.length === 0) continue;
    lines.push(
      section,
      ...results.map((result) => `  ${result.status} ${result.category} ${result.summary}`),
      '',
    );
  }
  return `${lines.join('\n')}\n`;
};
