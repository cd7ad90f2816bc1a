// The rules editor: shows a scenario's rules as a form, stores them, and shows a list under them.

import * as api from './api.js';
import { byId, element, hash } from './dom.js';
import { emptiedReason } from './explain.js';
import { row } from './lists.js';
import { hideProblem, report } from './problems.js';
import { capital, count } from './text.js';

const K = 10;
/** The user of a try without a user: nobody has this id, so the list is one for a newcomer. */
const NOBODY = 'rules-editor-nobody';

const where = { key: 'where', label: 'items for which', hint: 'label = "sale"' };
/** What each type of rule does, and its fields. */
const TYPES = {
  never: { label: 'Never show', fields: [where] },
  only: { label: 'Show only', fields: [where] },
  boost: { label: 'Boost', fields: [where, { key: 'factor', label: 'by the factor', number: 'any', hint: '1.5' }] },
  pin: {
    label: 'Pin an item',
    fields: [{ key: 'item', label: 'item', hint: 'its id' }, { key: 'place', label: 'at place', number: '1', hint: '1' }],
  },
  at_most: {
    label: 'At most',
    fields: [
      { key: 'count', label: 'items', number: '1', hint: '2' },
      { key: 'per', label: 'per', hint: 'category, label, group or an attribute' },
      { key: 'level', label: 'level of the category', number: '1', hint: '1', optional: true },
    ],
  },
  one_per_group: { label: 'One variant of each product', fields: [] },
};

/** The name of the open scenario; empty if none is open. */
let name = '';
/** Its definition as the server has it, with the changes made here. */
let scenario = { rules: [] };

// --- requests ---

const path = (scenarioName) => `v1/scenarios/${encodeURIComponent(scenarioName)}`;

async function showNames(chosen) {
  const { scenarios } = (await api.call('GET', 'v1/scenarios')).data;
  const all = chosen === '' || scenarios.includes(chosen) ? scenarios : [...scenarios, chosen];
  byId('scenario').replaceChildren(element('option', { value: '' }, all.length === 0 ? 'none yet' : 'choose'),
    ...all.map((each) => element('option', { value: each }, each)));
  byId('scenario').value = chosen;
}

async function open(chosen) {
  name = chosen;
  location.hash = encodeURIComponent(chosen);
  if (chosen !== '') {
    const { data } = await api.call('GET', path(chosen));
    scenario = { ...data, rules: data.rules ?? [] };
  }
  show();
  await tryIt();
}

async function save() {
  complain(null);
  const body = { ...scenario };
  for (const key of ['k', 'exclude_seen']) {
    if (body[key] === undefined || body[key] === null) {
      delete body[key];
    }
  }
  await api.call('PUT', path(name), { body });
  await showNames(name);
  byId('saved').textContent = `Saved: ${count(scenario.rules.length, 'rule')}. The next list of ${name} follows them.`;
  await tryIt();
}

async function remove() {
  await api.call('DELETE', path(name));
  askToRemove(false);
  name = '';
  show();
  await showNames('');
  byId('list').replaceChildren();
  byId('why').hidden = true;
  byId('scenario').focus();
}

async function tryIt() {
  if (name === '' || ![...byId('scenario').options].some((option) => option.value === name)) {
    return;
  }
  const user = byId('user').value.trim();
  const query = new URLSearchParams({ scenario: name, ...(scenario.k ? {} : { k: K }) });
  const { data } = await api.call('GET',
    `v1/users/${encodeURIComponent(user === '' ? NOBODY : user)}/recommendations?${query}`);
  byId('list').replaceChildren(...data.items.map(row));
  byId('why').hidden = false;
  byId('why-link').href = `try.html#${new URLSearchParams({ scenario: name, ...(user === '' ? {} : { user }) })}`;
  byId('try-note').textContent = data.items.length > 0
    ? `${capital(data.basis)}: ${count(data.items.length, 'item')} of ${name} for ${user === '' ? 'somebody new' : user}.`
    : data.emptied_by === undefined ? 'The list is empty.' : `The list is empty: ${emptiedReason(data.emptied_by)}.`;
}

// --- display ---

function show() {
  byId('rules-form').hidden = name === '';
  byId('editor-heading').textContent = name === '' ? 'Scenario' : `Scenario ${name}`;
  byId('saved').textContent = '\u00a0';
  complain(null);
  askToRemove(false);
  byId('k').value = scenario.k ?? '';
  byId('seen').value = scenario.exclude_seen === undefined || scenario.exclude_seen === null ? '' : String(scenario.exclude_seen);
  const others = Object.keys(scenario).filter((key) => !['k', 'exclude_seen', 'rules'].includes(key));
  byId('more').hidden = others.length === 0;
  byId('more').textContent = `Also set, and kept as it is: ${others.join(', ')}.`;
  showRules();
}

function showRules() {
  byId('rules').replaceChildren(...scenario.rules.map(rule));
  byId('none').hidden = scenario.rules.length > 0;
}

function rule(one, index) {
  const id = (key) => `rule-${index}-${key}`;
  const type = element('select', { id: id('type') }, ...Object.entries(TYPES)
    .map(([key, { label }]) => element('option', { value: key }, label)));
  type.value = one.type;
  type.addEventListener('change', () => {
    const kept = one.name === undefined ? {} : { name: one.name };
    scenario.rules[index] = { ...kept, type: type.value };
    showRules();
    byId(id('type')).focus();
  });
  const removal = element('button', { type: 'button', class: 'quiet', 'aria-label': `Remove rule ${index + 1}` }, 'Remove');
  removal.addEventListener('click', () => {
    scenario.rules.splice(index, 1);
    showRules();
    byId('add-type').focus();
  });
  return element('li', { 'data-type': one.type },
    element('fieldset', {},
      element('legend', {}, `Rule ${index + 1}`),
      element('span', { class: 'pair' }, element('label', { for: id('type') }, 'Does'), type),
      ...[...TYPES[one.type].fields, { key: 'name', label: 'name', hint: `rule ${index + 1}`, optional: true }]
        .map((field) => input(one, field, id(field.key))),
      removal));
}

/** A field of a rule with its label; what is typed goes to the rule at once. */
function input(one, { key, label, number, hint, optional = false }, id) {
  const box = element('input', {
    id,
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'none',
    maxlength: '4096',
    placeholder: hint,
    'data-key': key,
    ...(number === undefined ? { type: 'text' } : { type: 'number', step: number }),
    ...(optional ? {} : { required: '' }),
  });
  box.value = one[key] ?? '';
  box.addEventListener('input', () => {
    if (box.value === '') {
      delete one[key];
    } else {
      one[key] = number === undefined ? box.value : Number(box.value);
    }
    box.removeAttribute('aria-invalid');
  });
  return element('span', { class: key === 'where' ? 'pair long' : 'pair' }, element('label', { for: id }, label), box);
}

function askToRemove(asking) {
  byId('remove').hidden = asking;
  byId('remove-confirm').hidden = !asking;
}

// --- errors ---

/** Shows why the server refused something, beside the field that it names; null clears it. */
function complain(problem) {
  byId('rules-problem').textContent = problem === null ? '' : `${problem.title}: ${problem.message}`;
  for (const marked of document.querySelectorAll('#rules-form [aria-invalid]')) {
    marked.removeAttribute('aria-invalid');
    marked.removeAttribute('aria-describedby');
  }
  const named = problem === null ? null : /rules\[(\d+)\]\.(\w+)/.exec(problem.message);
  const field = named === null ? null : byId(`rule-${named[1]}-${named[2]}`);
  if (field !== null) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', 'rules-problem');
    field.focus();
  }
}

/** Runs an action. A refusal is shown beside the rules; a problem with the token or the server is shown as on every page. */
async function attempt(action) {
  try {
    await action();
    hideProblem();
  } catch (problem) {
    const isRefused = problem instanceof api.Problem && problem.status >= 400 && problem.status < 500
      && problem.status !== 401 && problem.status !== 403;
    if (isRefused && !byId('rules-form').hidden) {
      complain(problem);
    } else {
      report(problem, () => attempt(action));
    }
  }
}

// --- set-up ---

byId('add-type').append(...Object.entries(TYPES).map(([key, { label }]) => element('option', { value: key }, label)));
byId('scenario').addEventListener('change', () => attempt(() => open(byId('scenario').value)));
byId('choose-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = byId('new-name').value.trim();
  if (chosen === '') {
    return;
  }
  byId('new-name').value = '';
  if ([...byId('scenario').options].some((option) => option.value === chosen)) {
    byId('scenario').value = chosen;
    attempt(() => open(chosen));
    return;
  }
  name = chosen;
  scenario = { rules: [] };
  show();
  byId('scenario').value = '';
  byId('list').replaceChildren();
  byId('why').hidden = true;
  byId('try-note').textContent = `${name} is not saved yet.`;
  byId('add-type').focus();
});
byId('k').addEventListener('input', () => {
  scenario.k = byId('k').value === '' ? undefined : Number(byId('k').value);
});
byId('seen').addEventListener('change', () => {
  scenario.exclude_seen = byId('seen').value === '' ? undefined : byId('seen').value === 'true';
});
byId('add').addEventListener('click', () => {
  scenario.rules.push({ type: byId('add-type').value });
  showRules();
  byId('rules').lastElementChild.querySelector('input').focus();
});
byId('rules-form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(save);
});
byId('remove').addEventListener('click', () => {
  askToRemove(true);
  byId('remove-yes').focus();
});
byId('remove-no').addEventListener('click', () => {
  askToRemove(false);
  byId('remove').focus();
});
byId('remove-yes').addEventListener('click', () => attempt(remove));
byId('try-form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(tryIt);
});
async function start() {
  await showNames('');
  const { data } = await api.catalogue();
  const own = Object.entries(data.attributes).map(([key, type]) => `${key} (${type})`);
  byId('attributes').textContent = own.length === 0 ? '' : `, and ${own.join(', ')}`;
  const named = [...byId('scenario').options].map((option) => option.value).filter((each) => each !== '');
  const asked = hash() === '' && named.length === 1 ? named[0] : hash();
  if (asked !== '' && named.includes(asked)) {
    byId('scenario').value = asked;
    await open(asked);
  }
}

attempt(start);
