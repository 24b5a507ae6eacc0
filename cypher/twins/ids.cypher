MATCH (t:Twin) RETURN t.id AS id
