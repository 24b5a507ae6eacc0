UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t
MATCH (t)-[:REQUIRES]->(g:RequirementGroup)
DETACH DELETE g
