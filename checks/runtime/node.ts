import { conclude, defineCheck, fail } from '../../src/doctor/check.ts';

export default defineCheck({
  id: 'runtime.node',
  section: 'Environment',
  category: 'node',
  title: 'The Node.js that runs stethos is supported',
  budgetMs: 1_000,
  probe: () => ({ version: process.versions.node, executable: process.execPath, required: '22.19.0' }),
  judge: ({ version, executable, required }) =>
    conclude({
      summary: `Node.js ${version}`,
      details: { version, executable, required },
      issues: isAtLeast(version, required)
        ? []
        : [
            fail({
              class: 'mismatch',
              cause: `Node.js ${version} is older than stethos needs`,
              measured: version,
              expected: `${required} or newer`,
              remedy: 'Run stethos with a current Node.js.',
              fields: ['version'],
            }),
          ],
    }),
});

function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
