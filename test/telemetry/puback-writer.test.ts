/** Acknowledgements on the wire. */
import { describe, expect, it } from 'vitest';
import { PubackWriter } from '../../src/telemetry/puback-writer.ts';

function recordWrites(): { writes: Buffer[]; write(bytes: Buffer): void } {
  const writes: Buffer[] = [];
  return { writes, write: (bytes) => writes.push(bytes) };
}

describe('acknowledgements of a batch', () => {
  it('go out in one write, in the order in which they are given', async () => {
    const stream = recordWrites();
    const writer = new PubackWriter(stream);
    for (const id of [1, 0x1234, 65_535]) writer.add(id);
    await Promise.resolve();
    expect(stream.writes.map((bytes) => bytes.toString('hex'))).toEqual(['40020001400212344002ffff']);
    writer.add(7);
    await Promise.resolve();
    expect(stream.writes[1]?.toString('hex')).toBe('40020007');
  });

  it('are not written once the connection has ended', async () => {
    const stream = recordWrites();
    const writer = new PubackWriter(stream);
    writer.add(1);
    writer.close();
    writer.add(2);
    await Promise.resolve();
    expect(stream.writes).toEqual([]);
  });
});
