// Subscriptions go over WebSocket, everything else over HTTP, both to /graphql where this page comes from.
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-ws';

const ADDRESS = new URL('/graphql', location.href);
const SOCKET_ADDRESS = Object.assign(new URL(ADDRESS), { protocol: ADDRESS.protocol.replace('http', 'ws') });

const client = createClient({ url: SOCKET_ADDRESS.href, lazy: true, retryAttempts: 10 });

export function fetcher(request, { headers, documentAST } = {}) {
  const operation = documentAST && getOperationAST(documentAST, request.operationName);
  return operation?.operation === 'subscription' ? client.iterate(request) : post(request, headers);
}

async function post(request, headers) {
  const response = await fetch(ADDRESS, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify(request),
  });
  return response.json();
}
