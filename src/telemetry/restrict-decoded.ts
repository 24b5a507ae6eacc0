/** What a sender may tell: a message that names a twin which is not its to tell of is refused whole. */
import type { Decoded } from './decoder.ts';

export const OUT_OF_SCOPE = 'it tells of a twin that is not in the scope of its sender';

export function restrictDecoded(decoded: Decoded, mayTell: (twin: string) => boolean): Decoded {
  for (const twin of twinsOf(decoded)) if (!mayTell(twin)) return { kind: 'refused', reason: OUT_OF_SCOPE };
  return decoded;
}

function* twinsOf(decoded: Decoded): Generator<string> {
  switch (decoded.kind) {
    case 'telemetry':
      for (const { twin } of decoded.readings) yield twin;
      return;
    case 'connectivity':
      yield decoded.report.twin;
      return;
    case 'told': {
      const { readings, removals, desired, reports } = decoded;
      for (const { twin } of [...readings, ...removals, ...desired, ...reports]) yield twin;
      return;
    }
    case 'empty':
    case 'refused':
  }
}
