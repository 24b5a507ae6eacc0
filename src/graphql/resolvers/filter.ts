/** The filter as the application takes it: conditions that are null are not given, except that a value may equal null. */
import type { TwinFilter } from '../../application/inputs.ts';
import type { PropertyCondition } from '../../application/twin-store.ts';
import type { PropertyCondition as PropertyConditionInput, TwinFilter as TwinFilterInput } from '../schema-types.ts';

export function toTwinFilter(filter: TwinFilterInput): TwinFilter {
  return { ...filter, where: filter.where?.map(toCondition) };
}

function toCondition({ property, eq, ne, ...others }: PropertyConditionInput): PropertyCondition {
  const given = Object.entries(others).filter(([, value]) => value != null);
  return {
    property,
    ...(eq === undefined ? {} : { eq }),
    ...(ne === undefined ? {} : { ne }),
    ...Object.fromEntries(given),
  };
}
