UNWIND $rows AS r
MATCH (m:Model {id: r[0]})
CREATE (m)-[:DECLARES]->(:RelationshipType {position: r[1], name: r[2], impact: r[3], mode: r[4], soft: r[5], description: r[6]})
