/** Strongly connected components of the graph of needs, without recursion: chains of any depth. */

import { finish, type Steps } from './steps.ts';

/** For twin t, the twins that it needs are needs[starts[t]] … needs[starts[t + 1] - 1]. */
export interface NeedGraph {
  readonly starts: Int32Array;
  readonly needs: Int32Array;
}

export interface Components {
  readonly count: number;
  /** By twin. What a component needs has a smaller number than itself. */
  readonly componentOf: Int32Array;
  /** All twins in order of their components. */
  readonly order: Int32Array;
}

/** Needs looked at in one step: one less than a power of two. */
const LOOKS_PER_STEP = 16_383;

/** Tarjan's algorithm (1972); components are found after those that they need, so their numbers are a topological order. */
export function findComponents(graph: NeedGraph): Components {
  return finish(componentsInSteps(graph));
}

export function* componentsInSteps({ starts, needs }: NeedGraph): Steps<Components> {
  const twinCount = starts.length - 1;
  const componentOf = new Int32Array(twinCount).fill(-1);
  const order = new Int32Array(twinCount);
  // 0: not visited. Else 1 + the position in the order of visits.
  const visit = new Int32Array(twinCount);
  const lowest = new Int32Array(twinCount);
  const nextNeed = new Int32Array(twinCount);
  const path = new Int32Array(twinCount);
  const open = new Int32Array(twinCount);
  let pathLength = 0;
  let openLength = 0;
  let visits = 0;
  let count = 0;
  let ordered = 0;
  let looks = 0;

  const enter = (twin: number): void => {
    visits += 1;
    visit[twin] = visits;
    lowest[twin] = visits;
    nextNeed[twin] = starts[twin] as number;
    path[pathLength++] = twin;
    open[openLength++] = twin;
  };

  for (let root = 0; root < twinCount; root += 1) {
    if (visit[root] !== 0) continue;
    enter(root);
    while (pathLength > 0) {
      looks += 1;
      if ((looks & LOOKS_PER_STEP) === 0) yield;
      const twin = path[pathLength - 1] as number;
      const at = nextNeed[twin] as number;
      if (at < (starts[twin + 1] as number)) {
        nextNeed[twin] = at + 1;
        const need = needs[at] as number;
        if (visit[need] === 0) enter(need);
        else if (componentOf[need] === -1 && (visit[need] as number) < (lowest[twin] as number)) {
          lowest[twin] = visit[need] as number;
        }
        continue;
      }
      pathLength -= 1;
      if (pathLength > 0) {
        const from = path[pathLength - 1] as number;
        if ((lowest[twin] as number) < (lowest[from] as number)) lowest[from] = lowest[twin] as number;
      }
      if (lowest[twin] !== visit[twin]) continue;
      let member: number;
      do {
        openLength -= 1;
        member = open[openLength] as number;
        componentOf[member] = count;
        order[ordered++] = member;
      } while (member !== twin);
      count += 1;
    }
  }
  return { count, componentOf, order };
}
