import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './main.css';
import './editor-workers.js';
import { fetcher } from './fetcher.js';
import { questions } from './questions.js';

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, { fetcher, defaultTabs: questions, defaultEditorToolsVisibility: true }),
);
