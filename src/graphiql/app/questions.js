// The questions that the page opens with, about the example plant: what it is made of, and the README's own.
import readme from '../../../README.md?raw';

const hierarchy = `# The parts of the plant, and how each is now.
query Hierarchy {
  roots {
    nodes {
      id
      name
      children {
        nodes {
          id
          kind
          name
          status { state atRisk }
          children {
            totalCount
            nodes { id name status { state } }
          }
        }
      }
    }
  }
}
`;

const ofReadme = Array.from(readme.matchAll(/```graphql\n(.*?)```/gs), ([, query]) => query);

/** Tabs take their titles from the names of operations, which the README leaves out. */
const named = ['Needs', 'WhatIf', 'Live'].map((name, i) =>
  (ofReadme[i] ?? '').replace(/^(query|subscription)?\s*\{/, (_, operation = 'query') => `${operation} ${name} {`),
);

export const questions = [hierarchy, ...named].map((query) => ({ query }));
