// The catalogue: finds items by words, category and filter, and shows one with its attributes and similar items.

import * as api from './api.js';
import { byId, element, hash } from './dom.js';
import { filterOf, pointAt, pointAway } from './filters.js';
import { row } from './lists.js';
import { attempt } from './problems.js';
import { count, nameOf, readable, time, whole } from './text.js';

const PAGE = 20;
const SIMILAR = 10;

/** The chosen category; '' for all. */
let category = '';
/** The cursor of the next page; null if there is none. */
let next = null;
/** The number of the latest search: answers to older ones are not shown. */
let latest = 0;

// --- categories ---

/** Makes a tree of categories such as `shoes > boots`; the server lists each with those above it. */
function tree(categories) {
  const root = { children: new Map() };
  for (const each of categories) {
    let node = root;
    for (const name of each.category.split(' > ')) {
      if (!node.children.has(name)) {
        node.children.set(name, { name, children: new Map() });
      }
      node = node.children.get(name);
    }
    Object.assign(node, each);
  }
  return root;
}

function branches({ children }) {
  return element('ul', {}, ...[...children.values()].map((node) => element('li', {},
    choice(node.category, node.name, node.items),
    ...(node.children.size === 0 ? [] : [element('details', {},
      element('summary', {}, `${count(node.children.size, 'category', 'categories')} in ${node.name}`), branches(node))]))));
}

function choice(value, name, items) {
  const button = element('button', { type: 'button', class: 'category', 'data-category': value, 'aria-pressed': value === category },
    element('span', {}, name), element('span', { class: 'number' }, whole(items)));
  button.addEventListener('click', () => {
    category = value;
    for (const each of byId('categories').querySelectorAll('button')) {
      each.setAttribute('aria-pressed', each.dataset.category === category);
    }
    attempt(() => search(null));
  });
  return button;
}

async function showCategories() {
  const [{ data }, model] = [await api.catalogue(), await api.model()];
  byId('categories').replaceChildren(choice('', 'All items', model.data.items), branches(tree(data.categories)));
  const own = Object.entries(data.attributes).map(([key, type]) => `${key} (${type})`);
  byId('attributes').textContent = `An expression can name category, label, group, item, available_from, available_until${
    own.length === 0 ? '' : `, and ${own.join(', ')}`}.`;
}

// --- items ---

/** Shows the first page, or adds the page after the cursor. */
async function search(after) {
  const mine = ++latest;
  const [input, line] = [byId('filter'), byId('filter-problem')];
  pointAway(input, line);
  let page;
  try {
    page = (await api.listItems(byId('query').value.trim(), filterOf(input.value, category), after, PAGE)).data;
  } catch (problem) {
    if (pointAt(problem, input, line, category)) {
      return;
    }
    throw problem;
  }
  if (mine !== latest) {
    return;
  }
  const rows = page.items.map(listed);
  byId('items').replaceChildren(...(after === null ? [] : byId('items').children), ...rows);
  const shown = byId('items').children.length;
  byId('total').textContent = page.total === 0 ? 'No item matches.'
    : shown < page.total ? `${whole(shown)} of ${count(page.total, 'item')}` : count(page.total, 'item');
  next = page.next ?? null;
  byId('more').hidden = next === null;
  if (after !== null) {
    rows[0]?.querySelector('button').focus();
  }
}

function listed(entry) {
  const button = element('button', { type: 'button', 'aria-pressed': hash() === entry.item },
    element('span', { class: 'name' }, nameOf(entry)),
    element('span', { class: 'facts' }, summary(entry).join(' · ')));
  button.addEventListener('click', () => {
    location.hash = encodeURIComponent(entry.item);
    byId('item').focus();
  });
  return element('li', { 'data-item': entry.item }, button);
}

/** The id, categories, labels and own attributes of an item, in few words. */
function summary({ item, name, categories = [], labels = [], attributes = {} }) {
  return [...(name ? [item] : []), ...categories, ...labels,
    ...Object.entries(attributes).map(([key, value]) => `${key} ${[value].flat().join(', ')}`)];
}

// --- one item ---

async function open(id) {
  for (const each of byId('items').children) {
    each.querySelector('button').setAttribute('aria-pressed', each.dataset.item === id);
  }
  if (id === '') {
    return;
  }
  const { data } = await api.item(id);
  const similar = data.known ? (await api.similarItems(id, SIMILAR)).data.items : [];
  if (hash() !== id) {
    return; // another one was opened meanwhile
  }
  byId('item-heading').textContent = data.title ? readable(data.title) : id;
  byId('item-note').textContent = data.known
    ? 'No list contains this item now: it is switched off, denied or outside its time.'
    : 'The model does not know this item yet, so no list contains it.';
  byId('item-note').hidden = data.available;
  byId('item-attributes').replaceChildren(...facts(data).flatMap(([key, value]) =>
    [element('dt', {}, key), element('dd', {}, value)]));
  byId('similar-part').hidden = !data.known;
  byId('similar').replaceChildren(...similar.map(row));
  byId('similar-note').hidden = similar.length > 0;
  byId('similar-note').textContent = 'No item may be recommended beside it.';
}

function facts({ item, text, group, categories, labels, available_from: from, available_until: until, attributes = {} }) {
  return [
    ['id', item],
    ['categories', categories?.join(', ')],
    ['labels', labels?.join(', ')],
    ['group', group],
    ['available from', from && time(from)],
    ['available until', until && time(until)],
    ...Object.entries(attributes).map(([key, value]) => [key, [value].flat().join(', ')]),
    ['text', text],
  ].filter(([, value]) => value !== undefined && value !== '');
}

// --- set-up ---

byId('search-form').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(() => search(null));
});
byId('more').addEventListener('click', () => attempt(() => search(next)));
addEventListener('hashchange', () => attempt(() => open(hash())));

attempt(async () => {
  await showCategories();
  await search(null);
  await open(hash());
});
