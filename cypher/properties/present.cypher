// As properties/some, without the twins that have none of the keys: at a start most may have none.
UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t.id AS id, properties(t) AS p
WITH id, [k IN $keys | p[k]] AS values
WHERE any(value IN values WHERE value IS NOT NULL)
RETURN id, values
