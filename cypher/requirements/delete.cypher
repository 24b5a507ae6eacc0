UNWIND $ids AS id
MATCH (t:Twin {id: id})-[:REQUIRES]->(g:RequirementGroup)
DETACH DELETE g
