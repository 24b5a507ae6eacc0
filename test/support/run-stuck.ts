/** A command that is told to stop and cannot: argument 1 is how many milliseconds it is given. */
import { createProcessIo } from '../../src/cli/process-io.ts';

const io = createProcessIo(Number(process.argv[3]));
setInterval(() => undefined, 1_000);
const stopAsked = io.stopAsked();
await io.out('ready\n');
await stopAsked;
