// c: the key of the property's value, the key of its time, then one operand or null for each test, in the order of twins-where.ts.
MATCH (t:Twin)
WHERE all(c IN $conditions WHERE
  (c[2] IS NULL OR t[c[0]] = c[2]) AND
  (c[3] IS NULL OR t[c[0]] <> c[3]) AND
  (c[4] IS NULL OR t[c[0]] > c[4]) AND
  (c[5] IS NULL OR t[c[0]] >= c[5]) AND
  (c[6] IS NULL OR t[c[0]] < c[6]) AND
  (c[7] IS NULL OR t[c[0]] <= c[7]) AND
  (c[8] IS NULL OR t[c[0]] IN c[8]) AND
  (c[9] IS NULL OR t[c[1]] < c[9]) AND
  (c[10] IS NULL OR t[c[1]] > c[10]))
RETURN t.id AS id
