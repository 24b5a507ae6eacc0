import { describe, expect, it } from 'vitest';
import { convertUnit } from '../../src/domain/units.ts';

describe('a value goes from one unit to another', () => {
  it.each([
    [212, 'degF', 'degC', 100],
    [-40, '°F', '°C', -40],
    [0, 'degreeCelsius', 'K', 273.15],
    [300, 'KEL', 'CEL', 26.85],
    [1, 'bar', 'kPa', 100],
    [1, 'psi', 'kPa', 6.89475729317],
    [1, 'm3/h', 'l/s', 0.277777777778],
    [1.5, 'kWh', 'J', 5_400_000],
    [50, '%', '1', 0.5],
    [0.25, 'ratio', 'P1', 25],
    [1, 'h', 'min', 60],
    [3000, 'rpm', 'Hz', 50],
    [12, 'in', 'ft', 1],
    [3_600, 'mAh', 'Ah', 3.6],
    [90, '°', 'rad', 1.57079632679],
    [0.1, 'm', 'mm', 100],
    [7, 'furlong', 'furlong', 7],
  ])('%d %s in %s is %d', (value, from, to, expected) => {
    expect(convertUnit(value, from, to)).toEqual({ value: expected });
  });

  it('but not to one that measures something else', () => {
    expect(convertUnit(1, 'bar', 'degC')).toEqual({ mismatch: 'bar is a unit of pressure, degC one of temperature' });
  });

  it('and not where one of the two is not known', () => {
    expect(convertUnit(1, 'furlong', 'm')).toEqual({ unknown: 'furlong' });
    expect(convertUnit(1, 'm', 'toString')).toEqual({ unknown: 'toString' });
  });
});
