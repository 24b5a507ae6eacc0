// r: the twin's own keys in the order of TWIN_KEYS, then a map of its properties' keys.
UNWIND $rows AS r
CREATE (t:Twin:__KIND__ {
  id: r[0], name: r[1], description: r[2], model: r[3], tags: r[4], criticality: r[5], closed: r[6],
  conductionMedia: r[7], conductionRoles: r[8], health: r[9], measuredHealth: r[10],
  inMaintenance: r[11], maintenanceUntil: r[12], maintenanceReason: r[13],
  connectivity: r[14], lastSeen: r[15], revision: r[16], createdAt: r[17], updatedAt: r[18],
  requirementGroups: r[19], `@source`: r[20]
})
SET t += r[21]
