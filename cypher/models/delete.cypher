UNWIND $ids AS id
MATCH (m:Model {id: id})
DETACH DELETE m
