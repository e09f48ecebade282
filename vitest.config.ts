import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,checks,reporters,scripts,bin,fixtures}/**/*.test.ts', '*.test.ts'],
    // A worker for each file, with the same modules loaded anew, is more than half of what most files cost. The modules keep
    // nothing that a test could notice.
    isolate: false,
    setupFiles: 'fixtures/leave-as-found.ts',
    globalSetup: 'fixtures/built-program/setup.ts',
    // Bounds for what hangs; sixteen processes side by side on a busy machine take their time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for processes and servers: two files at a time pay even where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Concurrent tests wait for silent servers most of their time.
    maxConcurrency: 16,
  },
});
