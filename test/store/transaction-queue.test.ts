import { describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import type { GraphPort } from '../../src/store/graph-port.ts';
import { LostRace, TransactionQueue } from '../../src/store/transaction-queue.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** A port whose transactions are only noted. */
function notingPort(): { port: GraphPort; events: string[] } {
  const events: string[] = [];
  const port: GraphPort = {
    read: async () => [],
    define: async () => undefined,
    close: async () => undefined,
    mayRunAgain: () => false,
    async begin() {
      events.push('begin');
      return {
        run: async () => [[7]],
        commit: async () => void events.push('commit'),
        rollback: async () => void events.push('rollback'),
      };
    },
  };
  return { port, events };
}

describe('The queue of transactions', () => {
  const queueOn = (port: GraphPort) => {
    const { log, lines } = createRecordingLog();
    return { queue: new TransactionQueue(port, { clock: () => 1, log }), lines };
  };

  it('commits what says so, and then tells', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const committed = () => void events.push('told');
    expect(await queue.add(async (_, head) => ({ result: head, commit: true, committed }))).toBe(7);
    expect(events).toEqual(['begin', 'commit', 'told']);
  });

  it('rolls back what does not, and tells nobody', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const committed = () => void events.push('told');
    expect(await queue.add(async () => ({ result: 'x', commit: false, committed }))).toBe('x');
    expect(events).toEqual(['begin', 'rollback']);
  });

  it('runs work again that lost a race, in a new transaction, and logs it', async () => {
    const { port, events } = notingPort();
    const { queue, lines } = queueOn(port);
    let runs = 0;
    const work = async () => {
      runs += 1;
      if (runs < 3) throw new LostRace('too late');
      return { result: runs, commit: true };
    };
    expect(await queue.add(work)).toBe(3);
    expect(events).toEqual(['begin', 'rollback', 'begin', 'rollback', 'begin', 'commit']);
    expect(lines.map(({ level, fields }) => [level, fields['attempt']])).toEqual([
      ['warn', 1],
      ['warn', 2],
    ]);
  });

  it('gives up on work that always loses', async () => {
    const { port } = notingPort();
    const { queue } = queueOn(port);
    let runs = 0;
    const work = async (): Promise<never> => {
      runs += 1;
      throw new LostRace('too late');
    };
    await expect(queue.add(work)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(runs).toBe(6);
  });

  it('does not repeat other failures', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const failure = new LinchpinError('STORE_UNAVAILABLE', 'gone');
    await expect(queue.add(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(events).toEqual(['begin', 'rollback']);
  });
});
