/** Relationships, pages of them, and paths. */
import type { Resolvers } from '../schema-types.ts';
import { pageInfo, twinById, twinsOf } from './twin.ts';

export const relationshipResolvers: Resolvers = {
  Relationship: {
    source: (relationship, _, context) => twinById(context, relationship.source),
    target: (relationship, _, context) => twinById(context, relationship.target),
    standbyDelay: (relationship) => relationship.standbyDelayMs,
  },
  RelationshipConnection: { nodes: (page) => page.rows, pageInfo },
  Path: {
    nodes: (path) => twinsOf(path.nodes),
    relationships: (path) => path.links.map((link) => link.relationship),
    length: (path) => path.links.length,
  },
};
