CREATE INDEX counter_id_index IF NOT EXISTS FOR (c:Counter) ON (c.id)
