// Neo4j has this index with the constraint, and leaves it at that; in Grafeo a constraint brings none.
CREATE INDEX twin_id_index IF NOT EXISTS FOR (t:Twin) ON (t.id)
