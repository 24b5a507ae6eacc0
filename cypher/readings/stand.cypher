// r: twin, then the keys of the properties that readings have come for.
// The map is made once a row: Grafeo makes it again for each t[k].
UNWIND $rows AS r
MATCH (t:Twin {id: r[0]})
//neo4j USING INDEX SEEK t:Twin(id)
WITH t, r, properties(t) AS p
RETURN t.id AS id, t.revision AS revision, t.lastSeen AS lastSeen, [k IN r[1] | p[k]] AS values
