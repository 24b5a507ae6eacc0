UNWIND $rows AS r
MATCH (m:Model {id: r[0]})
//neo4j USING INDEX SEEK m:Model(id)
CREATE (m)-[:DECLARES]->(:RelationshipType {position: r[1], name: r[2], impact: r[3], mode: r[4], soft: r[5], description: r[6]})
