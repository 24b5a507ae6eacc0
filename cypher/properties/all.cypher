// The map is made once a twin, its keys are looked up in it: Grafeo makes it again for each t[k].
UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t.id AS id, t.revision AS revision, properties(t) AS p
RETURN id, revision, keys(p) AS keys, [k IN keys(p) | p[k]] AS values
