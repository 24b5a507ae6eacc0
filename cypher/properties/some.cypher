UNWIND $ids AS id
MATCH (t:Twin {id: id})
RETURN t.id AS id, [k IN $keys | t[k]] AS values
