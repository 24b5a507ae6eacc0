MERGE (c:Counter {id: 'schema'}) SET c.version = $version
