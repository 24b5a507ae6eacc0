// The editor runs its languages in workers; here they come from our own origin.
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

const WORKER_BY_LANGUAGE = { json: JsonWorker, graphql: GraphqlWorker };

globalThis.MonacoEnvironment = {
  getWorker(_id, language) {
    return new (WORKER_BY_LANGUAGE[language] ?? EditorWorker)();
  },
};
