/** When a connection's socket is read, and when it has to wait. */
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface Reader {
  pause(): void;
  resume(): void;
}

/** A reader that several pause, each for a reason of its own: it goes on when all have resumed it. */
export function sharedReader(reader: Reader): Reader {
  let pauses = 0;
  return {
    pause() {
      pauses += 1;
      if (pauses === 1) reader.pause();
    },
    resume() {
      pauses -= 1;
      if (pauses === 0) reader.resume();
    },
  };
}

interface TurnOptions {
  readonly reader: Reader;
  /** Takes the next bytes of the connection. */
  readonly take: (bytes: Buffer) => void;
  /** What is left of an ended connection is dropped. */
  readonly isOpen: () => boolean;
}

/**
 * Takes the bytes of a connection, so many in a turn of the event loop. Node reads a socket on while bytes are there, up
 * to 2 MB in one turn; the graph's answers, and other callers, would wait until all of that is parsed.
 */
export function takeInTurns({ reader, take, isOpen }: TurnOptions): (bytes: Buffer) => void {
  let taken = 0;
  /** The reader is paused for it. */
  let rest: Buffer | null = null;
  const takeSome = (bytes: Buffer): void => {
    if (taken === 0) setImmediate(beginTurn);
    const room = TELEMETRY_LIMITS.turnBytes - taken;
    rest = bytes.length > room ? bytes.subarray(room) : null;
    taken += Math.min(bytes.length, room);
    take(rest === null ? bytes : bytes.subarray(0, room));
  };
  const beginTurn = (): void => {
    taken = 0;
    if (rest === null) return;
    if (isOpen()) takeSome(rest);
    else rest = null;
    if (rest === null) reader.resume();
  };
  return (bytes) => {
    if (rest !== null) {
      // It was read before the pause.
      rest = Buffer.concat([rest, bytes]);
      return;
    }
    takeSome(bytes);
    if (rest !== null) reader.pause();
  };
}
