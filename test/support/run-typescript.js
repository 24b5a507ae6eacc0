// Runs a TypeScript file as a process of its own, for tests that kill one: node run-typescript.js FILE [ARGUMENT...]
import process from 'node:process';
import { runnerImport } from 'vite';

await runnerImport(process.argv[2], { configFile: false, logLevel: 'error' });
