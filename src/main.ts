#!/usr/bin/env node
/** Where the program begins: too old a Node is told so before anything is loaded that it cannot read. */
import { isTooOld, OLDEST_NODE } from './oldest-node.ts';

if (isTooOld(process.versions.node)) {
  console.error(`linchpin: expected Node ${OLDEST_NODE} or newer, got ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const { runLinchpin } = await import('./run-linchpin.ts');
  process.exitCode = await runLinchpin(process.argv.slice(2));
}
