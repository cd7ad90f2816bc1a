// Tries a scenario: shows the list of a user with explanations, and what left the other items out.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { emptiedReason, restrictions } from './explain.js';
import { filterOf, pointAt, pointAway } from './filters.js';
import { offer, row } from './lists.js';
import { attempt } from './problems.js';
import { capital, count } from './text.js';

/** The user of a list for a newcomer: nobody has this id. */
const NOBODY = 'console-nobody';
const PARAMETERS = ['user', 'scenario', 'category', 'filter', 'k', 'seen', 'diversity'];

let model = { items: 0 };

async function tryIt() {
  const [input, line, category] = [byId('filter'), byId('filter-problem'), byId('category').value];
  pointAway(input, line);
  const user = byId('user').value.trim();
  const given = {
    scenario: byId('scenario').value,
    filter: filterOf(input.value, category),
    k: byId('k').value,
    exclude_seen: byId('seen').value,
    diversity: byId('diversity').value.trim(),
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  history.replaceState(null, '', `#${new URLSearchParams(PARAMETERS
    .map((name) => [name, byId(name).value.trim()]).filter(([, value]) => value !== ''))}`);
  let list;
  try {
    list = (await api.explainTo(user === '' ? NOBODY : user, options)).data;
  } catch (problem) {
    if (pointAt(problem, input, line, category)) {
      return;
    }
    throw problem;
  }
  show(list, user === '' ? 'a newcomer' : user);
}

function show(list, user) {
  const isExplained = list.items.some((entry) => entry.explanation !== undefined);
  const of = list.scenario === undefined ? '' : ` of ${list.scenario}`;
  byId('try-note').textContent = list.items.length === 0
    ? `The list${of} is empty${list.emptied_by === undefined ? '' : `: ${emptiedReason(list.emptied_by)}`}.`
    : `${capital(list.basis)}: ${count(list.items.length, 'item')}${of} for ${user}, after ${count(list.events, 'event')}.${
      isExplained ? '' : list.basis === 'popularity' ? ' Popular items need no explanation.' : ' The scores of this model have no terms to explain.'}`;
  byId('list').replaceChildren(...list.items.map(row));
  const steps = restrictions(list, model.items);
  byId('left-part').hidden = steps.length === 0;
  byId('left-note').textContent = `Of ${count(model.items, 'item')} that the model knows:`;
  byId('left').replaceChildren(...steps.map((step) => element('li', {}, step)));
}

byId('try-form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(tryIt);
});

attempt(async () => {
  model = (await api.model()).data;
  byId('examples').replaceChildren(...model.example_users.map((value) => element('option', { value })));
  offer(byId('scenario'), (await api.scenarios()).data.scenarios.map((name) => [name, name]));
  offer(byId('category'), (await api.catalogue()).data.categories.map(({ category, items }) => [category, `${category} (${items})`]));
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (PARAMETERS.includes(name)) {
      byId(name).value = value;
    }
  }
  await tryIt();
});
