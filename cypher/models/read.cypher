MATCH (m:Model)
RETURN m.id AS id, m.kind AS kind, m.name AS name, m.parents AS parents, m.conductionMedia AS conductionMedia,
  m.conductionRoles AS conductionRoles, m.definition AS definition, m.revision AS revision
ORDER BY id
