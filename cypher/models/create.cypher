UNWIND $rows AS r
CREATE (:Model {
  id: r[0], kind: r[1], name: r[2], parents: r[3], conductionMedia: r[4], conductionRoles: r[5], definition: r[6], revision: r[7]
})
