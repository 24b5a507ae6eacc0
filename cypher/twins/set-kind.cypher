UNWIND $ids AS id
MATCH (t:Twin {id: id})
//neo4j USING INDEX SEEK t:Twin(id)
REMOVE t:Asset, t:Process, t:System
SET t:__KIND__
