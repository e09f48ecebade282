// A doctor's visit in a program of your own: one built-in area and a check that only you need, on a home that this example
// makes. What is printed or stored passes redactReport first; reporters take nothing else.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conclude, createRegistry, defineCheck, examine, fail, redactReport } from 'stethos';
import { builtInChecks } from 'stethos/checks';
import { render } from 'stethos/reporters';

const LEAST_BYTES = 1_000_000;

const disk = defineCheck<{ readonly freeBytes: number }>({
  id: 'acme.disk',
  section: 'Plugins',
  category: 'disk',
  title: 'There is room for a build',
  budgetMs: 1_000,
  // Touches the world once …
  probe: () => {
    const { bavail, bsize } = statfsSync(tmpdir());
    return { freeBytes: bavail * bsize };
  },
  // … and the judgement is a pure function of what was seen.
  judge: ({ freeBytes }) =>
    conclude({
      summary: 'there is room',
      details: { 'free bytes': freeBytes },
      issues:
        freeBytes >= LEAST_BYTES
          ? []
          : [
              fail({
                class: 'mismatch',
                cause: 'there is no room for a build',
                measured: `${freeBytes} bytes free`,
                expected: `at least ${LEAST_BYTES}`,
                remedy: 'Remove old builds.',
              }),
            ],
    }),
});

const home = mkdtempSync(join(tmpdir(), 'examine-in-your-program-'));
const report = await examine({
  registry: createRegistry([...builtInChecks, disk]),
  target: 'codex',
  home,
  only: ['state.paths', 'acme.*'],
  offline: true,
  timeoutMs: 10_000,
});
const clean = redactReport(report);
process.stdout.write(`acme.disk is ${clean.checks['acme.disk']?.status}\n`);
process.stdout.write(await render(clean, 'summary'));
rmSync(home, { recursive: true, force: true });
