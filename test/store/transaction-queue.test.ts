import { describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import { statement } from '../../src/store/cypher-statements.ts';
import type { GraphPort } from '../../src/store/graph-port.ts';
import { LostRace, TransactionQueue } from '../../src/store/transaction-queue.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** A port whose transactions are only noted. */
function notingPort(isShared = false): {
  port: GraphPort;
  events: string[];
  commits: { beforeNext: () => Promise<void> };
  locks: string[];
} {
  const events: string[] = [];
  const locks: string[] = [];
  const commits = { beforeNext: async (): Promise<void> => undefined };
  const port: GraphPort = {
    isShared,
    read: async () => [],
    define: async () => undefined,
    close: async () => undefined,
    mayRunAgain: () => false,
    begin() {
      events.push('begin');
      return {
        async run(text) {
          if (text === statement('changes/lock')) locks.push(text);
          return [[7]];
        },
        runUnordered: async () => [[7]],
        async commit() {
          events.push('commit');
          await commits.beforeNext();
        },
        rollback: async () => void events.push('rollback'),
      };
    },
  };
  return { port, events, commits, locks };
}

describe('The queue of transactions', () => {
  const queueOn = (port: GraphPort) => {
    const { log, lines } = createRecordingLog();
    return { queue: new TransactionQueue(port, { clock: () => 1, log }), lines };
  };

  it('commits what says so, and tells that it is on its way', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const sent = () => void events.push('sent');
    expect(await queue.add(async (_, head) => ({ result: head, commit: true, sent }))).toBe(7);
    expect(events).toEqual(['begin', 'sent', 'commit']);
  });

  it('rolls back what does not, and tells nobody', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const sent = () => void events.push('sent');
    expect(await queue.add(async () => ({ result: 'x', commit: false, sent }))).toBe('x');
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

  it('asks a graph that others write to for the head each time, and another one once', async () => {
    const headsOf = async (isShared: boolean) => {
      const { port, locks } = notingPort(isShared);
      const { queue } = queueOn(port);
      const heads: number[] = [];
      const work = async (_: unknown, head: number) => {
        heads.push(head);
        return { result: undefined, commit: true, head: head + 1 };
      };
      await Promise.all([queue.add(work), queue.add(work)]);
      await queue.add(work);
      return { heads, locks: locks.length };
    };
    expect(await headsOf(true)).toEqual({ heads: [7, 7, 7], locks: 3 });
    expect(await headsOf(false)).toEqual({ heads: [7, 8, 9], locks: 1 });
  });

  it('asks again for a head that a failure left in doubt', async () => {
    const { port, locks, commits } = notingPort();
    const { queue } = queueOn(port);
    const work = async (_: unknown, head: number) => ({ result: head, commit: true, head: head + 1 });
    await queue.add(work);
    commits.beforeNext = () => Promise.reject(new LinchpinError('INTERNAL', 'the log is full'));
    await expect(queue.add(work)).rejects.toThrow('the log is full');
    commits.beforeNext = async () => undefined;
    expect(await queue.add(work)).toBe(7);
    expect(locks.length).toBe(2);
  });

  it('begins the next one before who waited for this one hears of it, and works on it after', async () => {
    const { port, events } = notingPort();
    const { queue } = queueOn(port);
    const work = async () => {
      events.push('work');
      return { result: undefined, commit: true };
    };
    await Promise.all([queue.add(work).then(() => events.push('heard')), queue.add(work)]);
    expect(events).toEqual(['begin', 'work', 'commit', 'begin', 'heard', 'work', 'commit']);
  });
});

describe('While a transaction is being committed', () => {
  const setUp = (isShared: boolean) => {
    const noting = notingPort(isShared);
    const queue = new TransactionQueue(noting.port, { clock: () => 1, log: createRecordingLog().log });
    const { events } = noting;
    const prepare = () => {
      events.push('prepare');
      return () => {
        events.push('send');
        return 'early';
      };
    };
    const work = async (_: unknown, __: number, early: string | undefined) => {
      events.push(`work with ${early}`);
      return { result: undefined, commit: true };
    };
    return { ...noting, queue, prepare, work };
  };
  const untilIdle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('the next one is prepared, and sent behind the lock where the engine waits for it', async () => {
    const { queue, events, commits, prepare, work } = setUp(true);
    let go = (): void => {};
    commits.beforeNext = () => new Promise((resolve) => (go = resolve));
    const first = queue.add(async () => ({ result: undefined, commit: true }));
    const second = queue.add(work, prepare);
    await untilIdle();
    expect(events).toEqual(['begin', 'commit', 'prepare', 'begin', 'send']);
    go();
    await first;
    await untilIdle();
    go();
    await second;
    expect(events.slice(5)).toEqual(['work with early', 'commit']);
  });

  it('the next one is prepared, and begun behind the commit where the engine would lose the race', async () => {
    const { queue, events, commits, prepare, work } = setUp(false);
    let go = (): void => {};
    commits.beforeNext = () => new Promise((resolve) => (go = resolve));
    const first = queue.add(async () => ({ result: undefined, commit: true }));
    await untilIdle();
    // One that comes while the commit is under way, too.
    const second = queue.add(work, prepare);
    expect(events).toEqual(['begin', 'commit', 'prepare']);
    go();
    await first;
    await untilIdle();
    go();
    await second;
    expect(events.slice(3)).toEqual(['begin', 'send', 'work with early', 'commit']);
  });

  it('the next one lets the lock go when the commit fails, and is prepared anew behind the next attempt', async () => {
    const { queue, events, commits, prepare, work } = setUp(true);
    commits.beforeNext = async () => {
      commits.beforeNext = async () => undefined;
      await untilIdle();
      throw new LostRace('too late');
    };
    const failed = (): void => void events.push('failed');
    await Promise.all([queue.add(async () => ({ result: undefined, commit: true, failed })), queue.add(work, prepare)]);
    const lost = ['begin', 'commit', 'prepare', 'begin', 'send', 'failed', 'rollback', 'rollback'];
    const again = ['begin', 'commit', 'prepare', 'begin', 'send', 'work with early', 'commit'];
    expect(events).toEqual([...lost, ...again]);
  });

  it('what was sent ahead and lost its race is not sent ahead again', async () => {
    const { queue, events, prepare } = setUp(true);
    await queue.add(async (_, __, early) => {
      events.push(`work with ${early}`);
      if (early !== undefined) throw new LostRace('somebody changed it');
      return { result: undefined, commit: true };
    }, prepare);
    const lost = ['prepare', 'begin', 'send', 'work with early', 'rollback'];
    expect(events).toEqual([...lost, 'begin', 'work with undefined', 'commit']);
  });
});
