UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
RETURN labels(t) AS labels, t.id AS id, t.name AS name, t.description AS description, t.model AS model, t.tags AS tags,
  t.criticality AS criticality, t.closed AS closed, t.conductionMedia AS conductionMedia, t.conductionRoles AS conductionRoles,
  t.health AS health, t.measuredHealth AS measuredHealth,
  t.inMaintenance AS inMaintenance, t.maintenanceUntil AS maintenanceUntil, t.maintenanceReason AS maintenanceReason,
  t.connectivity AS connectivity, t.lastSeen AS lastSeen, t.revision AS revision, t.createdAt AS createdAt, t.updatedAt AS updatedAt,
  t.requirementGroups AS requirementGroups, t.`@source` AS `@source`
