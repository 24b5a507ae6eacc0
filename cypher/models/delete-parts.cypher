UNWIND $ids AS id
MATCH (m:Model {id: id})-[:HAS_PROPERTY|DECLARES]->(part)
DETACH DELETE part
