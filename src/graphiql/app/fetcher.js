// Subscriptions go over WebSocket, everything else over HTTP, both to /graphql where this page comes from.
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-ws';

const ADDRESS = new URL('/graphql', location.href);
const SOCKET_ADDRESS = Object.assign(new URL(ADDRESS), { protocol: ADDRESS.protocol.replace('http', 'ws') });

// One socket for all subscriptions that show the same credentials: those of the headers editor.
let client;
let credentials;
function clientFor(authorization) {
  if (!client || authorization !== credentials) {
    client?.dispose();
    credentials = authorization;
    const connectionParams = authorization ? { authorization } : undefined;
    client = createClient({ url: SOCKET_ADDRESS.href, lazy: true, retryAttempts: 10, connectionParams });
  }
  return client;
}

export function fetcher(request, { headers, documentAST } = {}) {
  const operation = documentAST && getOperationAST(documentAST, request.operationName);
  if (operation?.operation !== 'subscription') return post(request, headers);
  const name = Object.keys(headers ?? {}).find((header) => header.toLowerCase() === 'authorization');
  return clientFor(name && headers[name]).iterate(request);
}

async function post(request, headers) {
  const response = await fetch(ADDRESS, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify(request),
  });
  if (response.status !== 401) return response.json();
  return {
    errors: [{ message: 'This server asks who you are: give {"authorization": "Bearer …"} in the tab Headers.' }],
  };
}
