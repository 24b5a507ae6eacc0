/** The program itself from its sources: arguments as run-typescript.js passes them on, with the name of this file first. */
process.argv.splice(2, 1);
await import('../../src/main.ts');
