UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t.id AS id, t.revision AS revision, properties(t) AS p
RETURN id, revision, [k IN $keys | p[k]] AS values
