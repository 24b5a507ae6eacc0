MATCH (c:Counter {id: 'schema'}) RETURN c.version AS version
