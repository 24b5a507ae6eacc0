UNWIND $ids AS id
MATCH (t:Twin {id: id})
WITH t, keys(t) AS keys
RETURN t.id AS id, keys, [k IN keys | t[k]] AS values
