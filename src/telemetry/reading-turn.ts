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

/**
 * To be called for each message: after so many in one turn of the event loop, the reader goes on in the next one. Node
 * reads a socket on while bytes are there, up to 2 MB; the graph's answers, and other callers, would wait for all of it.
 */
export function limitTurns(reader: Reader): () => void {
  let taken = 0;
  const endTurn = (): void => {
    const isPaused = taken >= TELEMETRY_LIMITS.turnMessages;
    taken = 0;
    if (isPaused) reader.resume();
  };
  return () => {
    if (taken === 0) setImmediate(endTurn);
    taken += 1;
    if (taken === TELEMETRY_LIMITS.turnMessages) reader.pause();
  };
}
