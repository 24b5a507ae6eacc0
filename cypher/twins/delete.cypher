UNWIND $ids AS id
MATCH (t:Twin {id: id})
DETACH DELETE t
