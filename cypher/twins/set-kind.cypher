UNWIND $ids AS id
MATCH (t:Twin {id: id})
REMOVE t:Asset, t:Process, t:System
SET t:__KIND__
