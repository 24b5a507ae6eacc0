// r: position, twin, property, the key of its value, observedAt, order, receivedAt, a map of the keys to write.
// What stood there comes back in the order of PROPERTY_WORDS.
UNWIND $rows AS r
MATCH (t:Twin {id: r[1]})
WITH t, r, t[r[2] + '@at'] AS observed, t[r[2] + '@order'] AS position
WHERE observed IS NULL OR observed < r[4] OR (observed = r[4] AND coalesce(position, 0) < r[5])
WITH t, r, [r[0], t[r[3]], observed, position, t[r[2] + '@received'], t[r[2] + '@quality'], t[r[2] + '@unit'],
  t[r[2] + '@limits'], t[r[2] + '@stale'], t[r[2] + '@desired']] AS before
SET t += r[7]
WITH t, max(r[6]) AS seen, collect(before) AS applied
SET t.lastSeen = CASE WHEN coalesce(t.lastSeen, 0) < seen THEN seen ELSE t.lastSeen END,
  t.updatedAt = $at, t.revision = t.revision + 1
RETURN applied
