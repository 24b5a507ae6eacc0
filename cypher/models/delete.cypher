UNWIND $ids AS id
MATCH (m:Model {id: id})
//neo4j USING INDEX SEEK m:Model(id)
DETACH DELETE m
