CREATE INDEX model_id_index IF NOT EXISTS FOR (m:Model) ON (m.id)
