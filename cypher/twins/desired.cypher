// Twins of which something is desired, reported or not: values of free names are compared outside.
MATCH (t:Twin)
WITH t.id AS id, keys(t) AS keys
WHERE any(k IN keys WHERE k ENDS WITH '@desired')
RETURN id
