/** The example plant is what its script makes of EPANET's Net3. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT, readProjectFile } from '../support/project-files.ts';

const net3 = join(PROJECT_ROOT, '../shared/data/water/Net3/Net3.inp');

describe.skipIf(!existsSync(net3))('the example plant (skipped where ../shared/data/water/Net3 is missing)', () => {
  it('is byte for byte what generate.js writes', () => {
    const made = execFileSync(process.execPath, ['examples/water-supply/generate.js', net3], {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
    });
    expect(made).toBe(readProjectFile('examples/water-supply/plant.jsonl'));
  });
});
