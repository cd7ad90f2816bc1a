// A user's timeline: the stored events, latest first, and beside it the list as it is now.

import * as api from './api.js';
import { byId, element, hash } from './dom.js';
import { itemLink, row } from './lists.js';
import { attempt } from './problems.js';
import { capital, count, time, whole } from './text.js';

const PAGE = 50;
const K = 10;

/** The user whose events are shown, and the position of the earliest of them. */
let user = '';
let first = 0;

async function open(id) {
  user = id;
  byId('user').value = id;
  if (id === '') {
    return;
  }
  const list = (await api.explainTo(id, { k: K, exclude_seen: true })).data;
  const stored = list.events === 0 ? { events: 0, history: [] } : (await api.events(id, PAGE, null)).data;
  if (user !== id) {
    return; // another user was opened meanwhile
  }
  byId('timeline-heading').textContent = `Events of ${id}`;
  byId('user-note').textContent = stored.events === 0 ? 'No events of this user are stored.' : count(stored.events, 'event');
  show(stored.history, true);
  byId('events-part').hidden = stored.events === 0;
  byId('now-note').textContent = list.items.length === 0 ? 'The list is empty.'
    : `${capital(list.basis)}, without items that the user had`;
  byId('list').replaceChildren(...list.items.map(row));
  byId('try-link').href = `try.html#${new URLSearchParams({ user: id })}`;
  byId('live-link').href = `./#${encodeURIComponent(id)}`;
  byId('links').hidden = false;
}

async function showEarlier() {
  const { data } = await api.events(user, PAGE, first);
  if (data.user === user) {
    show(data.history, false);
  }
}

/** Shows events, oldest first in `history`; replaces those shown before, or adds to them. */
function show(history, isNew) {
  const body = byId('events').tBodies[0];
  const rows = history.map(eventRow).reverse();
  body.replaceChildren(...(isNew ? [] : body.children), ...rows);
  first = history.length === 0 ? 0 : history[0].position;
  byId('earlier').hidden = history.length < PAGE || first === 0;
  const isTyped = [...body.rows].some((each) => each.querySelector('.typed').textContent !== '');
  byId('events').classList.toggle('without-types', !isTyped);
  byId('events').classList.toggle('without-steps', [...body.querySelectorAll('.inner')].every((each) => each.textContent === '–'));
}

function eventRow(event) {
  const marks = [...(event.known ? [] : ['unknown']), ...(event.role === 'target' ? [] : [event.role])];
  return element('tr', { 'data-position': event.position },
    element('td', {}, whole(event.position + 1)),
    element('th', { scope: 'row' }, ...marks.map((mark) => element('span', { class: 'unknown' }, mark)), itemLink(event)),
    element('td', { class: 'when' }, element('time', { datetime: event.time }, time(event.time))),
    element('td', { class: 'typed' }, [event.type, event.value].filter((part) => part !== undefined).join(' ')),
    element('td', { class: 'inner' }, number(event.inner_loss, 2)),
    element('td', { class: 'inner' }, number(event.change, 3)));
}

const number = (value, digits) => (value === null ? '–' : value.toFixed(digits));

async function showExamples() {
  const examples = (await api.model()).data.example_users;
  byId('examples').replaceChildren(...examples.map((value) => element('option', { value })));
  byId('examples-line').append(...examples.map((id) => element('a', { class: 'sample', href: `#${encodeURIComponent(id)}` }, id)));
  byId('examples-line').hidden = examples.length === 0;
}

byId('user-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = byId('user').value.trim();
  if (id === hash()) {
    attempt(() => open(id)); // the list may have changed
  } else {
    location.hash = encodeURIComponent(id);
  }
});
byId('earlier').addEventListener('click', () => attempt(showEarlier));
addEventListener('hashchange', () => attempt(() => open(hash())));

attempt(async () => {
  await open(hash());
  if (byId('examples').children.length === 0) {
    await showExamples();
  }
});
