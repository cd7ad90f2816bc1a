// The search for products: a combobox with a listbox, after the ARIA Authoring Practices. The focus stays in the input.

import { element } from './dom.js';
import { nameOf } from './text.js';

const PAUSE_MILLIS = 120; // pause in typing before a request

export class Search {
  #input;
  #browse;
  #popup;
  #title;
  #list;
  #find;
  #pick;
  #onFailure;
  #entries = [];
  #active = -1;
  #asked = new AbortController();
  #timer = 0;

  /**
   * @param find `(query, signal)` resolves to `{title, entries}`; an empty query browses
   * @param pick `(entry)` is called with the chosen product
   * @param onFailure `(problem, again)` is called when a search fails
   */
  constructor({ input, browse, popup, title, list }, find, pick, onFailure) {
    this.#input = input;
    this.#browse = browse;
    this.#popup = popup;
    this.#title = title;
    this.#list = list;
    this.#find = find;
    this.#pick = pick;
    this.#onFailure = onFailure;
    input.addEventListener('input', () => this.#soon());
    input.addEventListener('keydown', (event) => this.#onKey(event));
    input.addEventListener('click', () => this.#isOpen() || this.#ask());
    input.addEventListener('blur', () => this.#close());
    // The popup and its button must not take the focus, or the blur above would close what is being clicked.
    popup.addEventListener('mousedown', (event) => event.preventDefault());
    browse.addEventListener('mousedown', (event) => event.preventDefault());
    browse.addEventListener('click', () => this.#toggle());
    list.addEventListener('click', (event) => this.#choose(this.#indexOf(event.target)));
    list.addEventListener('mousemove', (event) => this.#activate(this.#indexOf(event.target), false));
  }

  #isOpen() {
    return !this.#popup.hidden;
  }

  #toggle() {
    if (this.#isOpen()) {
      this.#close();
    } else {
      this.#input.focus();
      this.#ask();
    }
  }

  #soon() {
    this.#activate(-1, false); // the result shown is for an older query
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MILLIS);
  }

  async #ask(activateAtOnce = -1) {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const query = this.#input.value.trim();
    try {
      const { title, entries } = await this.#find(query, signal);
      if (!signal.aborted) {
        this.#open(title, entries);
        this.#activate(Math.min(activateAtOnce, entries.length - 1), true);
      }
    } catch (problem) {
      if (!signal.aborted) {
        this.#close();
        this.#onFailure(problem, () => this.#ask());
      }
    }
  }

  #open(title, entries) {
    this.#entries = entries;
    this.#active = -1;
    this.#title.textContent = entries.length > 0 ? title : 'No product has this in its name or id';
    this.#list.replaceChildren(...entries.map((entry, index) => element('li',
      { role: 'option', id: `option-${index}`, 'aria-selected': 'false' },
      element('span', { class: 'name' }, nameOf(entry)),
      element('span', { class: 'item' }, entry.name ? entry.item : ''))));
    this.#list.scrollTop = 0;
    this.#show(true);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#show(false);
  }

  #show(isShown) {
    this.#popup.hidden = !isShown;
    this.#input.setAttribute('aria-expanded', isShown);
    this.#browse.setAttribute('aria-expanded', isShown);
    this.#input.removeAttribute('aria-activedescendant');
  }

  #indexOf(target) {
    return [...this.#list.children].indexOf(target.closest('[role=option]'));
  }

  #activate(index, isScrolled) {
    const options = this.#list.children;
    options[this.#active]?.setAttribute('aria-selected', 'false');
    this.#active = index;
    const option = options[index];
    if (option === undefined) {
      this.#input.removeAttribute('aria-activedescendant');
      return;
    }
    option.setAttribute('aria-selected', 'true');
    this.#input.setAttribute('aria-activedescendant', option.id);
    if (isScrolled) {
      option.scrollIntoView({ block: 'nearest' });
    }
  }

  #choose(index) {
    const entry = this.#entries[index];
    if (entry !== undefined) {
      this.#input.value = '';
      this.#close();
      this.#pick(entry);
    }
  }

  #onKey(event) {
    const count = this.#entries.length;
    switch (event.key) {
      case 'ArrowDown':
        this.#isOpen() ? this.#activate((this.#active + 1) % count, true) : this.#ask(0);
        break;
      case 'ArrowUp':
        this.#isOpen() ? this.#activate((this.#active <= 0 ? count : this.#active) - 1, true) : this.#ask(Infinity);
        break;
      case 'Enter':
        if (!this.#isOpen() || this.#active < 0) {
          this.#ask(0); // the query may be newer than the result shown: show the new result before a purchase
        } else {
          this.#choose(this.#active);
        }
        break;
      case 'Escape':
        if (this.#isOpen()) {
          this.#close();
        } else {
          this.#input.value = '';
        }
        break;
      default:
        return; // all other keys edit the text
    }
    event.preventDefault();
  }
}
