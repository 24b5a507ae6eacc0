/** Documents that came over WebSockets, parsed and validated once for each text: many dashboards ask the same. */
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { API_LIMITS } from './limits.ts';

export interface ReadDocument {
  readonly document: DocumentNode;
  /** Empty: it is valid. */
  readonly invalid: readonly GraphQLError[];
}

export class ValidDocuments {
  readonly #schema: GraphQLSchema;
  readonly #rules: Parameters<typeof validate>[2];
  /** The oldest first. */
  readonly #documentByQuery = new Map<string, DocumentNode>();
  #keptLength = 0;

  constructor(schema: GraphQLSchema, hidesSchema: boolean) {
    this.#schema = schema;
    this.#rules = hidesSchema ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
  }

  /** @throws GraphQLError when it does not parse */
  read(query: string): ReadDocument {
    const known = this.#documentByQuery.get(query);
    if (known) return { document: known, invalid: [] };
    const document = parse(query);
    const invalid = validate(this.#schema, document, this.#rules, { maxErrors: API_LIMITS.errorsPerAnswer });
    if (invalid.length === 0) this.#keep(query, document);
    return { document, invalid };
  }

  #keep(query: string, document: DocumentNode): void {
    if (query.length > API_LIMITS.checkedQueryLength) return;
    this.#documentByQuery.set(query, document);
    this.#keptLength += query.length;
    for (const oldest of this.#documentByQuery.keys()) {
      if (this.#keptLength <= API_LIMITS.keptDocumentsLength) return;
      this.#documentByQuery.delete(oldest);
      this.#keptLength -= oldest.length;
    }
  }
}
