// Shows why a call failed, asks for a token if one is missing, and offers to try again. Every page has these elements.

import * as api from './api.js';
import { byId } from './dom.js';
import { capital } from './text.js';

/** Repeats the action that failed; null if that is pointless. */
let tryAgain = null;

/** Shows a problem; `again` retries the action, null if a retry is pointless, and `more` is a sentence to add. */
export function report(problem, again, more = '') {
  if (!(problem instanceof api.Problem)) {
    throw problem; // a bug in this page; the console shows it
  }
  tryAgain = again;
  byId('again').hidden = again === null;
  byId('problem').querySelector('.title').textContent = problem.title;
  byId('problem').querySelector('.detail').textContent = [capital(problem.message), more].filter((part) => part !== '').join(' ');
  byId('give-token').hidden = problem.status !== 401 && problem.status !== 403;
  byId('problem').hidden = false;
  if (problem.status === 401) {
    askForToken(api.hasToken() ? `The one you gave was refused. ${capital(problem.message)}` : capital(problem.message));
  }
}

export function hideProblem() {
  byId('problem').hidden = true;
}

/** Runs an action and reports its problem, with a retry of the whole action. */
export async function attempt(action) {
  try {
    await action();
    hideProblem();
  } catch (problem) {
    report(problem, () => attempt(action));
  }
}

/** For screen readers. */
export function say(words) {
  byId('announcer').textContent = words;
}

function askForToken(why) {
  byId('token-why').textContent = why;
  byId('token').value = '';
  if (!byId('token-dialog').open) {
    byId('token-dialog').showModal();
  }
}

byId('again').addEventListener('click', () => tryAgain?.());
byId('dismiss').addEventListener('click', hideProblem);
byId('give-token').addEventListener('click', () => askForToken(byId('problem').querySelector('.detail').textContent));
byId('token-cancel').addEventListener('click', () => byId('token-dialog').close());
byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  api.setToken(byId('token').value.trim());
  byId('token').value = '';
  byId('token-dialog').close();
  hideProblem();
  tryAgain?.();
});
