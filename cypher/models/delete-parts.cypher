UNWIND $ids AS id
MATCH (m:Model {id: id})
//neo4j USING INDEX SEEK m:Model(id)
WITH m
MATCH (m)-[:HAS_PROPERTY|DECLARES]->(part)
DETACH DELETE part
