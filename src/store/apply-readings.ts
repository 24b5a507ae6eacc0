/** Telemetry into the graph: one statement a batch, the guard against late values in the statement itself. */
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow, GraphTransaction, GraphValue } from './graph-port.ts';
import { propertyKeys } from './property-keys.ts';
import { emptyKeyMap, observedAt, putReadingValue, readingKeys, toPropertyState } from './property-record.ts';

const APPLY = statement('readings/apply');
const UPDATE_TWINS = statement('twins/update');

/** Readings of one statement: both engines are fastest at 500 to 1,000 rows. */
const READINGS_PER_STATEMENT = 1_000;

/** See StoreTransaction.applyReadings. */
export async function applyReadings(
  transaction: GraphTransaction,
  readings: readonly Reading[],
  at: number,
): Promise<AppliedReading[]> {
  const applied: (AppliedReading | undefined)[] = [];
  for (let start = 0; start < readings.length; start += READINGS_PER_STATEMENT) {
    const rows = readings.slice(start, start + READINGS_PER_STATEMENT).map((reading, i) => toRow(reading, start + i));
    for (const row of await transaction.run(APPLY, { rows, at })) {
      for (const [position, ...before] of row[0] as readonly GraphRow[]) {
        applied[position as number] = {
          reading: readings[position as number] as Reading,
          before: toPropertyState(before),
        };
      }
    }
  }
  const taken = applied.filter((each) => each !== undefined);
  await keepFirstValues(transaction, taken);
  return taken;
}

function toRow(reading: Reading, position: number): GraphValue[] {
  const { twin, property, sequence, receivedAt } = reading;
  return [
    position,
    twin,
    property,
    propertyKeys(property).value,
    observedAt(reading),
    sequence ?? 0,
    receivedAt,
    readingKeys(reading),
  ];
}

/** A BAD reading leaves the last good value; where none was ever received, its own value is better than nothing. */
async function keepFirstValues(transaction: GraphTransaction, applied: readonly AppliedReading[]): Promise<void> {
  const first = applied.filter(
    ({ reading, before }) => reading.quality === 'BAD' && (before === null || before.receivedAt === null),
  );
  if (first.length === 0) return;
  const rows = first.map(({ reading }) => {
    const keys = emptyKeyMap();
    putReadingValue(keys, reading);
    return [reading.twin, keys];
  });
  await transaction.run(UPDATE_TWINS, { rows });
}
