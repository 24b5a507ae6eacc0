UNWIND $ids AS id
MATCH (t:Twin {id: id})
WITH t
MATCH (t)-[:REQUIRES]->(g:RequirementGroup)
DETACH DELETE g
