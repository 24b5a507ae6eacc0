/** What a Homie device says of itself in `$description`, as far as values are read and written by it. */
import { parsePayload } from '../parse-payload.ts';
import { fieldOf, isObject, objectOf, textOf } from './json-fields.ts';

export interface HomieProperty {
  readonly datatype: string;
  /** Values that an enum may have; empty: of any other datatype. */
  readonly choices: readonly string[];
  readonly unit: string | undefined;
  /** Takes commands on `/set`. */
  readonly isSettable: boolean;
  /** Has a state; else it tells of moments, such as a press of a button. */
  readonly isRetained: boolean;
}

export interface HomieDescription {
  /** By `node/property`. */
  readonly properties: ReadonlyMap<string, HomieProperty>;
  /** The device that this one and its last will hang on; undefined: it is one itself. */
  readonly root: string | undefined;
  readonly children: readonly string[];
}

export function parseHomieDescription(payload: Uint8Array): HomieDescription | { readonly fault: string } {
  const parsed = parsePayload(payload);
  if ('reason' in parsed) return { fault: parsed.reason };
  const { object } = parsed;
  if (!/^5(\.|$)/.test(textOf(fieldOf(object, 'homie')) ?? '')) {
    return { fault: 'the description is none of Homie 5: expected homie to be 5.x' };
  }
  const properties = new Map<string, HomieProperty>();
  for (const [node, about] of Object.entries(objectOf(fieldOf(object, 'nodes')) ?? {})) {
    for (const [property, form] of Object.entries(objectOf(fieldOf(objectOf(about), 'properties')) ?? {})) {
      if (isObject(form)) properties.set(`${node}/${property}`, parseProperty(form));
    }
  }
  const children = fieldOf(object, 'children');
  return {
    properties,
    root: textOf(fieldOf(object, 'root')),
    children: Array.isArray(children) ? children.filter((child) => typeof child === 'string') : [],
  };
}

function parseProperty(form: Readonly<Record<string, unknown>>): HomieProperty {
  const datatype = textOf(fieldOf(form, 'datatype')) ?? 'string';
  const unit = textOf(fieldOf(form, 'unit'));
  return {
    datatype,
    choices: datatype === 'enum' ? (textOf(fieldOf(form, 'format')) ?? '').split(',') : [],
    // A count has no unit.
    unit: unit === '#' ? undefined : unit,
    isSettable: fieldOf(form, 'settable') === true,
    isRetained: fieldOf(form, 'retained') !== false,
  };
}
