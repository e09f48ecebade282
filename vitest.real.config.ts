import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['fixtures/real/**/*.real.ts'],
    globalSetup: ['fixtures/built-program/setup.ts', 'fixtures/real/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // Each test waits for processes most of its time; twice as many as CI has cores keep it busy.
    maxConcurrency: 4,
  },
});
