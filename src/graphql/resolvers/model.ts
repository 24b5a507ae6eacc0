/** Models with what they inherit. */
import type { Model } from '../../domain/model.ts';
import { compareIds } from '../../topology/order.ts';
import type { Resolvers } from '../schema-types.ts';

export const modelResolvers: Resolvers = {
  Model: {
    extends: (model, _, { application }) => {
      const parents: Model[] = [];
      for (const id of model.extends) {
        const parent = application.model(id);
        if (parent) parents.push(parent);
      }
      return parents;
    },
    properties: (model, _, { application }) => {
      const resolved = application.resolvedModel(model.id)?.propertyByName.values() ?? model.properties;
      return [...resolved].toSorted((a, b) => compareIds(a.name, b.name));
    },
  },
  PropertyModel: {
    staleAfter: (property) => property.staleAfterMs,
  },
  HistoryPolicy: {
    maxInterval: (policy) => policy.maxIntervalMs,
  },
  Limit: {
    delay: (limit) => (limit.delayMs === 0 ? null : limit.delayMs),
  },
};
