/** Whose turn it is, decided from what servers say of themselves. */
import { describe, expect, it } from 'vitest';
import { LivingServers } from '../../src/telemetry/living-servers.ts';

describe('the turn', () => {
  it('is that of the server that came first, and goes to the next one when it is gone', () => {
    const living = new LivingServers();
    expect(living.first()).toBeNull();
    living.heard('b', 20, 0);
    living.heard('a', 30, 0);
    living.heard('c', 10, 0);
    expect(living.first()).toBe('c');
    living.gone('c');
    expect(living.first()).toBe('b');
  });

  it('is the same for all of them when two came at once', () => {
    const living = new LivingServers();
    living.heard('b', 10, 0);
    living.heard('a', 10, 0);
    expect(living.first()).toBe('a');
  });

  it('is not that of a server that was not heard of for long', () => {
    const living = new LivingServers();
    living.heard('a', 10, 0);
    living.heard('b', 20, 5_000);
    living.forgetBefore(5_000);
    expect(living.first()).toBe('b');
  });

  it('is asked for behind all others, whatever the clocks say', () => {
    const living = new LivingServers();
    expect(living.lastPlaceBeside('a')).toBe(0);
    living.heard('a', 90, 0);
    living.heard('b', 20, 0);
    living.heard('c', 30, 0);
    expect(living.lastPlaceBeside('a')).toBe(30);
  });
});
