import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,checks,reporters,scripts,bin,fixtures}/**/*.test.ts', '*.test.ts'],
    testTimeout: 30_000,
    // Concurrent tests wait for silent servers most of their time.
    maxConcurrency: 16,
    hookTimeout: 30_000,
  },
});
