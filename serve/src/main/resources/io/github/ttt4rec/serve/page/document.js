// Shows the API document as text, because browsers only offer to save YAML.

import { byId } from './dom.js';

const place = byId('document');
try {
  const response = await fetch('openapi.yaml');
  place.textContent = response.ok ? await response.text() : `The server answers with status ${response.status}.`;
} catch {
  place.textContent = 'The server does not answer: it may have stopped. Load this page again to try once more.';
}
place.setAttribute('aria-busy', 'false');
