/**
 * Units that sources and models write, and how a value goes from one to another. Names are those of SI, UCUM, DTDL
 * (`degreeCelsius`) and of UN/ECE Recommendation 20 (`CEL`), which NGSI-LD uses. A unit that is not here is unknown.
 */

interface Unit {
  /** Units of one family measure the same. */
  readonly family: string;
  /** Of the family's first unit: value x factor + offset. */
  readonly factor: number;
  readonly offset: number;
}

/** Family, then per unit its factor (or factor and offset) to the first one, and its names. */
const FAMILIES: Readonly<Record<string, readonly (readonly [number | readonly [number, number], string])[]>> = {
  temperature: [
    [1, 'K KEL kelvin'],
    [[1, 273.15], '°C ℃ degC Cel CEL C celsius degreeCelsius'],
    [[5 / 9, 459.67 * (5 / 9)], '°F ℉ degF [degF] FAH F fahrenheit degreeFahrenheit'],
  ],
  length: [
    [1, 'm MTR metre meter'],
    [1e-6, 'µm um 4H micrometre micrometer'],
    [1e-3, 'mm MMT millimetre millimeter'],
    [1e-2, 'cm CMT centimetre centimeter'],
    [1e3, 'km KMT kilometre kilometer'],
    [0.0254, 'in INH inch [in_i]'],
    [0.3048, 'ft FOT foot feet [ft_i]'],
    [1609.344, 'mi SMI mile [mi_i]'],
  ],
  area: [
    [1, 'm2 m² MTK squareMetre squareMeter'],
    [1e-4, 'cm2 cm² CMK'],
    [1e4, 'ha HAR hectare'],
    [0.09290304, 'ft2 ft² FTK'],
  ],
  volume: [
    [1, 'm3 m³ MTQ cubicMetre cubicMeter'],
    [1e-3, 'l L LTR litre liter dm3 dm³'],
    [1e-6, 'ml mL MLT millilitre milliliter cm3 cm³'],
    [0.003785411784, 'gal GLL gallon [gal_us]'],
    [0.028316846592, 'ft3 ft³ FTQ'],
  ],
  'volume flow': [
    [1, 'm3/s m³/s MQS cubicMetrePerSecond'],
    [1 / 3600, 'm3/h m³/h MQH cubicMetrePerHour'],
    [1e-3, 'l/s L/s G51 litrePerSecond literPerSecond'],
    [1e-3 / 60, 'l/min L/min L2 litrePerMinute'],
    [1e-3 / 3600, 'l/h L/h litrePerHour'],
    [0.003785411784 / 60, 'gpm gal/min'],
    [0.028316846592 / 60, 'cfm ft3/min'],
  ],
  pressure: [
    [1, 'Pa PAL pascal'],
    [100, 'hPa A97 mbar MBR millibar hectopascal'],
    [1e3, 'kPa KPA kilopascal'],
    [1e6, 'MPa MPA megapascal'],
    [1e5, 'bar BAR'],
    [6894.757293168, 'psi [psi] poundPerSquareInch'],
    [101_325, 'atm ATM atmosphere'],
    [133.322387415, 'mmHg'],
    [9806.65, 'mH2O'],
  ],
  power: [
    [1, 'W WTT watt'],
    [1e-3, 'mW milliwatt'],
    [1e3, 'kW KWT kilowatt'],
    [1e6, 'MW MAW megawatt'],
    [1e9, 'GW gigawatt'],
    [745.6998715822702, 'hp horsepower'],
  ],
  energy: [
    [1, 'J JOU joule Ws wattSecond'],
    [1e3, 'kJ KJO kilojoule'],
    [1e6, 'MJ 3B megajoule'],
    [1e9, 'GJ GV gigajoule'],
    [3600, 'Wh WHR wattHour'],
    [3.6e6, 'kWh KWH kilowattHour'],
    [3.6e9, 'MWh MWH megawattHour'],
    [1055.05585262, 'BTU [Btu]'],
  ],
  mass: [
    [1, 'kg KGM kilogram'],
    [1e-6, 'mg MGM milligram'],
    [1e-3, 'g GRM gram'],
    [1e3, 't TNE tonne'],
    [0.45359237, 'lb LBR pound [lb_av]'],
  ],
  'mass flow': [
    [1, 'kg/s KGS kilogramPerSecond'],
    [1 / 3600, 'kg/h E93 kilogramPerHour'],
    [1000 / 3600, 't/h 4W'],
  ],
  speed: [
    [1, 'm/s MTS metrePerSecond meterPerSecond'],
    [1 / 3.6, 'km/h kmh KMH kilometrePerHour kilometerPerHour'],
    [0.44704, 'mph HM milePerHour'],
    [1852 / 3600, 'kn KNT knot'],
    [0.3048, 'ft/s FS'],
  ],
  time: [
    [1, 's SEC second'],
    [1e-3, 'ms C26 millisecond'],
    [60, 'min MIN minute'],
    [3600, 'h HUR hour'],
    [86_400, 'd DAY day'],
  ],
  frequency: [
    [1, 'Hz HTZ hertz'],
    [1e3, 'kHz KHZ kilohertz'],
    [1e6, 'MHz MHZ megahertz'],
    [1 / 60, 'rpm RPM 1/min r/min revolutionPerMinute'],
  ],
  voltage: [
    [1, 'V VLT volt'],
    [1e-3, 'mV 2Z millivolt'],
    [1e3, 'kV KVT kilovolt'],
  ],
  current: [
    [1, 'A AMP ampere'],
    [1e-3, 'mA 4K milliampere'],
    [1e3, 'kA B22 kiloampere'],
  ],
  charge: [
    [1, 'C·s coulomb COU'],
    [3.6, 'mAh E09'],
    [3600, 'Ah AMH ampereHour'],
  ],
  'electrical conductivity': [
    [1, 'S/m D10'],
    [0.1, 'mS/cm H61'],
    [1e-4, 'µS/cm uS/cm µS⋅cm⁻¹ µS·cm⁻¹'],
    [1e-3, 'mS/m'],
  ],
  angle: [
    [1, 'rad C81 radian'],
    [Math.PI / 180, '° deg DD degree degreeOfArc'],
  ],
  ratio: [
    [1, '1 ratio unity C62'],
    [0.01, '% P1 percent %RH %rH'],
    [1e-3, '‰ NX permille'],
    [1e-6, 'ppm 59 partsPerMillion'],
    [1e-9, 'ppb 61 partsPerBillion'],
  ],
  illuminance: [[1, 'lx LUX lux']],
};

const unitByName: ReadonlyMap<string, Unit> = new Map(
  Object.entries(FAMILIES).flatMap(([family, units]) =>
    units.flatMap(([how, names]) => {
      const [factor, offset] = typeof how === 'number' ? [how, 0] : how;
      return names.split(' ').map((name) => [name, { family, factor, offset }] as const);
    }),
  ),
);

export type Converted =
  | { readonly value: number }
  /** One of the two is not in the table. */
  | { readonly unknown: string }
  /** They do not measure the same. */
  | { readonly mismatch: string };

/** Takes away what binary fractions add: 12 significant digits are more than any sensor has. */
const DIGITS = 12;

/** `digits`: significant ones of the answer; more than 12 where it is to be turned back into the same number. */
export function convertUnit(value: number, from: string, to: string, digits = DIGITS): Converted {
  if (from === to) return { value };
  const [source, target] = [unitByName.get(from), unitByName.get(to)];
  if (source === undefined || target === undefined) return { unknown: source === undefined ? from : to };
  if (source.family !== target.family) {
    return { mismatch: `${from} is a unit of ${source.family}, ${to} one of ${target.family}` };
  }
  if (source.factor === target.factor && source.offset === target.offset) return { value };
  return {
    value: Number(((value * source.factor + source.offset - target.offset) / target.factor).toPrecision(digits)),
  };
}
