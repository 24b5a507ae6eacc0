/** Conditions on properties as rows for twins/where.cypher. */
import type { PropertyCondition } from '../application/twin-store.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { GraphValue } from './graph-port.ts';
import { propertyKeys } from './property-keys.ts';
import { storeValue } from './stored-value.ts';

export function conditionRow(condition: PropertyCondition): GraphValue[] {
  const { eq, ne, gt, gte, lt, lte, observedBefore, observedAfter } = condition;
  const keys = propertyKeys(condition.property);
  return [
    keys.value,
    keys.at,
    operand(eq),
    operand(ne),
    gt ?? null,
    gte ?? null,
    lt ?? null,
    lte ?? null,
    condition.in?.map(storeValue) ?? null,
    observedBefore ?? null,
    observedAfter ?? null,
  ];
}

const operand = (value: PropertyValue | undefined): GraphValue => (value === undefined ? null : storeValue(value));
