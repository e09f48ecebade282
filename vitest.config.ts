import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,checks,reporters,scripts,bin,fixtures}/**/*.test.ts', '*.test.ts'],
    globalSetup: 'fixtures/built-program/setup.ts',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait for processes and servers: two files at a time pay even where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Concurrent tests wait for silent servers most of their time.
    maxConcurrency: 16,
  },
});
