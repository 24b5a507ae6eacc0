// c: the key of the property's value, the key of its time, then a bound or null for each test, in the order of twins-where.ts.
// Grafeo takes '5' for 5; what comes back is judged again, exactly, so a test here may only be too wide.
MATCH (t:Twin)
WITH t.id AS id, properties(t) AS p
WHERE all(c IN $conditions WHERE
  (c[2] IS NULL OR p[c[0]] IN c[2]) AND
  (c[3] IS NULL OR p[c[0]] > c[3]) AND
  (c[4] IS NULL OR p[c[0]] >= c[4]) AND
  (c[5] IS NULL OR p[c[0]] < c[5]) AND
  (c[6] IS NULL OR p[c[0]] <= c[6]) AND
  (c[7] IS NULL OR p[c[1]] < c[7]) AND
  (c[8] IS NULL OR p[c[1]] > c[8]) AND
  (c[9] IS NULL OR p[c[0]] IS NOT NULL))
RETURN id, [c IN $conditions | p[c[0]]] AS values
