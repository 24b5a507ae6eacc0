CREATE INDEX change_sequence_index IF NOT EXISTS FOR (c:Change) ON (c.sequence)
