UNWIND $ids AS id
MATCH (m:Model {id: id})
WITH m
MATCH (m)-[:HAS_PROPERTY|DECLARES]->(part)
DETACH DELETE part
