MATCH (m:Model)-[:DECLARES]->(y:RelationshipType)
RETURN m.id AS model, y.position AS position, y.name AS name, y.impact AS impact, y.mode AS mode, y.soft AS soft,
  y.description AS description
