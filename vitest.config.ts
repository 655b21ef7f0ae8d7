import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Each embedded database takes several hundred megabytes.
    maxWorkers: 2,
    // No test asserts a time; these only end one that hangs, on a machine that may be busy.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
