/**
 * A process that commits without end until it is killed: its argument is the folder.
 * Commit n writes n to one of fifty twins, and each tenth one makes a twin. A line with n is written once n is acknowledged.
 */
import { writeSync } from 'node:fs';
import { NO_CHANGES } from '../../src/domain/change.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { aReading, aTwin, created } from '../contract/store-under-test.ts';
import { createRecordingLog } from './recording-log.ts';

const store = await openGrafeoStore({ directory: process.argv[2] as string, log: createRecordingLog().log });
for (;;) {
  const sequence = await store.transact(async (transaction) => {
    const next = transaction.head + 1;
    const changes = {
      ...NO_CHANGES,
      twins: next === 1 || next % 10 === 0 ? newTwins(next).map((id) => created(aTwin(id))) : [],
    };
    await transaction.write(changes);
    await transaction.applyReadings([aReading(`t${next % 50}`, 'n', next, { observedAt: next })], next);
    await transaction.record({ ...changes, sequence: next, at: next, origin: 'mutation', actor: null });
    return next;
  });
  writeSync(1, `${sequence}\n`);
}

function newTwins(sequence: number): string[] {
  return sequence === 1 ? Array.from({ length: 50 }, (_, i) => `t${i}`) : [`made by ${sequence}`];
}
