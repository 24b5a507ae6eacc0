// The questions that the page opens with, about the example plant; a test asks them all.

const hierarchy = `# What the plant is made of, and how each part is now.
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
            nodes { id kind name status { state } }
          }
        }
      }
    }
  }
}
`;

const whatIf = `# What does it do to the supply when both power feeders fail?
query WhatIf($scenario: ScenarioInput!) {
  impact(scenario: $scenario) {
    summary { affected down degraded processesDown processesDegraded firstImpactAt newlyAtRisk }
    affected(kinds: [PROCESS], first: 20) {
      nodes {
        twin { id name }
        before
        after
        impactAt
        recoversAt
        witness { twin { name } group need have lost { name } }
      }
    }
  }
}
`;

const live = `# The state of everything in the distribution network, and then each change of it with its cause.
subscription Live {
  stateChanged(within: "site:network", kinds: [PROCESS, SYSTEM], snapshot: true) {
    ... on StateChange {
      at
      twin { id name }
      before
      after
      causes { id name }
      cursor
    }
    ... on Gap { missedFrom cursor }
  }
}
`;

const measured = `# What is measured on the pumps, how fresh it is, and what each pump needs.
query Pumps {
  twins(filter: { models: ["Pump"] }) {
    nodes {
      id
      name
      connectivity
      status { health state }
      properties { name value unit quality observedAt stale }
      requirements { group mode have min full margin members { twin { name } available } }
    }
  }
}
`;

export const questions = [
  { query: hierarchy },
  { query: whatIf, variables: JSON.stringify({ scenario: { outage: ['feeder:north', 'feeder:south'] } }, null, 2) },
  { query: live },
  { query: measured },
];
