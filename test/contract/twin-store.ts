/** What every TwinStore promises, whatever the engine. */
import { afterAll, describe } from 'vitest';
import { describeFeed } from './feed.ts';
import { describeProperties } from './properties.ts';
import { describeReadings } from './readings.ts';
import type { EngineUnderTest } from './store-under-test.ts';
import { describeTwins } from './twins.ts';

export function describeTwinStore(name: string, engine: EngineUnderTest): void {
  describe(`The store on ${name}`, () => {
    afterAll(() => engine.close());
    describeTwins(engine);
    describeProperties(engine);
    describeReadings(engine);
    describeFeed(engine);
  });
}
