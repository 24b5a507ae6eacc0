/** The Node that Linchpin needs, as package.json says it too. */
export const OLDEST_NODE = '20.19';

/** @param version as `process.versions.node` has it, such as 20.19.0 */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
