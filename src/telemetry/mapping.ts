/**
 * From a source's own names to twins and properties: templates, twins named one by one, and rules for properties of
 * some twins or of some models. Also backwards, for what is desired. Pure.
 */
import type { Names, SourceRemoval } from './dialects/dialect.ts';
import { invertTemplate, renderBeginning, renderTemplate, type Template } from './template.ts';

/** Parts that are absent match everything. `*` stands for any characters. */
export interface PropertyRule {
  /** The twin's id. */
  readonly twin?: string;
  readonly model?: string;
  /** The property's name as the template gives it. */
  readonly property?: string;
  /** Take nothing of it. */
  readonly ignore?: boolean;
  /** The name that it has in the graph. */
  readonly as?: string;
  /** Unit that the source means where it says none. */
  readonly unit?: string;
}

export interface MappingSettings {
  readonly twin: Template;
  readonly property: Template;
  /** Twin ids by what the template gives. */
  readonly twins: ReadonlyMap<string, string>;
  readonly rules: readonly PropertyRule[];
}

/** The name in the graph; null: it is ignored; or what names are missing. */
export type Mapped = { readonly id: string } | { readonly missing: string } | null;
export type MappedProperty =
  | { readonly name: string; readonly unit: string | undefined }
  | { readonly missing: string }
  | null;

interface CompiledRule extends PropertyRule {
  readonly matches: (twin: string, model: string | null, property: string) => boolean;
}

/** Model of a twin; null: none; undefined: no such twin. */
export type ModelOf = (twin: string) => string | null | undefined;

export class Mapping {
  readonly #settings: MappingSettings;
  readonly #rules: readonly CompiledRule[];
  readonly #modelOf: ModelOf;

  constructor(settings: MappingSettings, modelOf: ModelOf) {
    this.#settings = settings;
    this.#modelOf = modelOf;
    this.#rules = settings.rules.map(compileRule);
  }

  twin(source: Names): Mapped {
    const { twin, twins } = this.#settings;
    const id = renderTemplate(twin, source);
    if (id === null) return { missing: missingIn(twin, source) };
    const mapped = twins.get(id) ?? id;
    const isIgnored = this.#rules.some(
      (rule) => rule.ignore && rule.property === undefined && rule.matches(mapped, null, ''),
    );
    return isIgnored ? null : { id: mapped };
  }

  /** Some rules hold for twins of a model. */
  get asksForModels(): boolean {
    return this.#rules.some((rule) => rule.model !== undefined);
  }

  property(twin: string, names: Names, model = this.#modelOf(twin) ?? null): MappedProperty {
    const { property } = this.#settings;
    const name = renderTemplate(property, names);
    if (name === null) return { missing: missingIn(property, names) };
    if (this.#rules.length === 0) return { name, unit: undefined };
    let as: string | undefined;
    let unit: string | undefined;
    for (const rule of this.#rules) {
      if (!rule.matches(twin, model, name)) continue;
      if (rule.ignore && as === undefined) return null;
      as ??= rule.as;
      unit ??= rule.unit;
    }
    return { name: as ?? name, unit };
  }

  /** What a removal reaches; null: nothing, or all that the twin has, which no source may take. */
  removed(
    twin: string,
    { property, isDeep }: SourceRemoval,
  ): { property: string; reach: 'ONE' | 'DEEP' | 'PREFIX' } | null {
    const { text, isWhole } = renderBeginning(this.#settings.property, property);
    if (!isWhole) return text === '' ? null : { property: text, reach: 'PREFIX' };
    const mapped = this.property(twin, property);
    if (mapped === null || 'missing' in mapped) return null;
    return { property: mapped.name, reach: isDeep ? 'DEEP' : 'ONE' };
  }

  /** The source's names of a property; null: it has none. */
  sourceProperty(twin: string, name: string): Names | null {
    const model = this.#modelOf(twin) ?? null;
    const renamed = this.#rules.find(
      ({ as, property, matches }) =>
        as === name && property !== undefined && !property.includes('*') && matches(twin, model, property),
    );
    return invertTemplate(this.#settings.property, renamed?.property ?? name);
  }

  /** Unit that a rule says for a property; undefined: none does. */
  unit(twin: string, name: string): string | undefined {
    const names = this.sourceProperty(twin, name);
    const mapped = names && this.property(twin, names);
    return mapped && 'unit' in mapped ? mapped.unit : undefined;
  }
}

function compileRule(rule: PropertyRule): CompiledRule {
  const [isTwin, isProperty] = [compileGlob(rule.twin), compileGlob(rule.property)];
  return {
    ...rule,
    matches: (twin, model, property) =>
      (rule.model === undefined || rule.model === model) && isProperty(property) && isTwin(twin),
  };
}

function compileGlob(glob: string | undefined): (text: string) => boolean {
  if (glob === undefined) return () => true;
  if (!glob.includes('*')) return (text) => text === glob;
  const source = glob.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${source.join('.*')}$`, 's');
  return (text) => pattern.test(text);
}

function missingIn({ text, names }: Template, given: Names): string {
  const absent = names.filter((name) => !given[name]);
  return `${absent.map((name) => `{${name}}`).join(', ')} for the template ${text}`;
}
