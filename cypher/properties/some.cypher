UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t.id AS id, properties(t) AS p
RETURN id, [k IN $keys | p[k]] AS values
