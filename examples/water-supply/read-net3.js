/** Reads what the plant needs of an EPANET input file in US units (feet, inches, gallons a minute), as SI numbers. */

const METRES_PER_FOOT = 0.3048;
const MILLIMETRES_PER_INCH = 25.4;
const LITRES_PER_SECOND_PER_GPM = 0.0630901964;

/** Significant digits that the conversion keeps: more would pretend to a precision that the source has not. */
const round = (value, digits = 3) => Number(value.toFixed(digits));
const metres = (feet) => round(Number(feet) * METRES_PER_FOOT);
const litresPerSecond = (gpm) => round(gpm * LITRES_PER_SECOND_PER_GPM, 2);

/** Rows of a section, each as its fields; comments and empty lines left out. */
function rowsOf(text, section) {
  const body = text.split(`[${section}]`)[1]?.split('\n[')[0] ?? '';
  return body
    .split('\n')
    .map((line) => line.split(';')[0].trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

/** Mean of each demand pattern; a demand is its base times this. */
function patternMeans(text) {
  const valuesById = new Map();
  for (const [id, ...values] of rowsOf(text, 'PATTERNS')) {
    valuesById.set(id, [...(valuesById.get(id) ?? []), ...values.map(Number)]);
  }
  return new Map([...valuesById].map(([id, values]) => [id, values.reduce((a, b) => a + b, 0) / values.length]));
}

/** @returns junctions, tanks, reservoirs, pipes and pumps with elevations and lengths in m, diameters in mm, demands in L/s */
export function readNet3(text) {
  const meanByPattern = patternMeans(text);
  const placeById = new Map(rowsOf(text, 'COORDINATES').map(([id, x, y]) => [id, { x: Number(x), y: Number(y) }]));
  const closedLinks = new Set(rowsOf(text, 'STATUS').flatMap(([id, status]) => (status === 'Closed' ? [id] : [])));
  return {
    junctions: rowsOf(text, 'JUNCTIONS').map(([id, elevation, demand, pattern]) => ({
      id,
      ...placeById.get(id),
      elevation: metres(elevation),
      meanDemand: litresPerSecond(Number(demand) * (meanByPattern.get(pattern ?? '1') ?? 1)),
    })),
    reservoirs: rowsOf(text, 'RESERVOIRS').map(([id, head]) => ({ id, ...placeById.get(id), head: metres(head) })),
    tanks: rowsOf(text, 'TANKS').map(([id, elevation, level, least, most, diameter]) => ({
      id,
      ...placeById.get(id),
      elevation: metres(elevation),
      level: metres(level),
      leastLevel: metres(least),
      mostLevel: metres(most),
      diameter: metres(diameter),
    })),
    pipes: rowsOf(text, 'PIPES').map(([id, start, end, length, diameter, roughness, , status]) => ({
      id,
      start,
      end,
      length: metres(length),
      diameter: round(Number(diameter) * MILLIMETRES_PER_INCH, 1),
      roughness: Number(roughness),
      closed: status !== 'Closed' && !closedLinks.has(id),
    })),
    pumps: rowsOf(text, 'PUMPS').map(([id, start, end]) => ({ id, start, end })),
  };
}
