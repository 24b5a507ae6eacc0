/**
 * How long random tests search. By default a fixed seed and few runs, so that a green run stays green;
 * FUZZ_RUNS and FUZZ_SEED ("random" for a new one each time) search wider.
 */
const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const seed = process.env['FUZZ_SEED'] ?? '20260731';

export const FUZZ = {
  numRuns: runs,
  interruptAfterTimeLimit: Math.max(20_000, runs * 20),
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
} as const;
