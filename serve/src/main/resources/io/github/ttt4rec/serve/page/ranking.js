// A ranked list that shows its changes: moved rows glide to their new place (FLIP), and every row shows its previous
// rank.

import { element } from './dom.js';
import { nameOf } from './text.js';

const GLIDE = { duration: 520, easing: 'cubic-bezier(.2, .8, .2, 1)' };
const FADE = { duration: 360, easing: 'ease-out' };

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Compares two lists: `moves` has, for each item of `after`, the number of ranks by which it rose (negative if it
 * fell), or 'new'; `left` has the items of `before` that are gone.
 */
export function compare(before, after) {
  const ranks = new Map(before.map((entry, index) => [entry.item, index]));
  const moves = new Map(after.map((entry, index) =>
    [entry.item, ranks.has(entry.item) ? ranks.get(entry.item) - index : 'new']));
  return { moves, left: before.filter((entry) => !moves.has(entry.item)) };
}

export class Ranking {
  #list;
  #left;
  #rows = new Map();
  #entries = [];
  #onBuy;

  /** Draws into the list of `section`; calls `onBuy(entry)` when a row is chosen. */
  constructor(section, onBuy) {
    this.#list = section.querySelector('ol');
    this.#left = section.querySelector('.left');
    this.#onBuy = onBuy;
  }

  /**
   * Shows `entries`, as a change of the previous list or as a new list, and returns the changes. `bought` is the item
   * that was just bought, or null.
   */
  show(entries, isChange, bought) {
    const changes = compare(isChange ? this.#entries : entries, entries);
    const tops = this.#tops();
    const focused = this.#focusedRank();
    this.#ghosts(isChange ? changes.left : [], tops);

    const rows = new Map(entries.map((entry) => [entry.item, this.#rows.get(entry.item) ?? this.#row(entry)]));
    entries.forEach((entry, index) => label(rows.get(entry.item), index + 1, changes.moves.get(entry.item)));
    this.#list.replaceChildren(...rows.values());
    this.#rows = rows;
    this.#entries = entries;
    this.#list.removeAttribute('aria-busy');
    const left = changes.left.map((entry) => nameOf(entry) + (entry.item === bought ? ' (bought)' : ''));
    this.#left.textContent = left.length > 0 ? `Left: ${left.join(' · ')}` : '\u00a0';

    if (isChange && !calm.matches) {
      this.#glide(tops);
    }
    if (focused !== null) {
      // Replacing the children removed the focus. If the focused item is gone, focus the row in its place.
      const row = rows.get(focused.item) ?? [...rows.values()][Math.min(focused.rank, rows.size - 1)];
      row?.firstElementChild.focus({ preventScroll: true });
    }
    return changes;
  }

  #row(entry) {
    const button = element('button', { type: 'button', title: `${nameOf(entry)} (${entry.item})` },
      element('span', { class: 'rank' }),
      element('span', { class: 'name' }, element('span', { class: 'for-readers' }, 'Buy '), nameOf(entry)),
      element('span', { class: 'move', 'aria-hidden': 'true' }),
      element('span', { class: 'for-readers moved' }));
    button.addEventListener('click', (event) => {
      if (event.detail < 2) { // the second click of a double click would hit another item that has moved here
        this.#onBuy(entry);
      }
    });
    return element('li', { 'data-item': entry.item }, button);
  }

  /** Returns the current position of each row, running animations included. */
  #tops() {
    const origin = this.#list.getBoundingClientRect().top;
    return new Map([...this.#rows].map(([item, row]) => [item, row.getBoundingClientRect().top - origin]));
  }

  #focusedRank() {
    const row = this.#list.contains(document.activeElement) ? document.activeElement.closest('li') : null;
    return row && { item: row.dataset.item, rank: [...this.#list.children].indexOf(row) };
  }

  #glide(tops) {
    const origin = this.#list.getBoundingClientRect().top;
    for (const [item, row] of this.#rows) {
      row.getAnimations().forEach((animation) => animation.cancel());
      const before = tops.get(item);
      if (before === undefined) {
        row.animate([{ opacity: 0, transform: 'translateX(18px)' }, { opacity: 1, transform: 'none' }], GLIDE);
      } else {
        const distance = before - (row.getBoundingClientRect().top - origin);
        if (distance !== 0) {
          row.animate([{ transform: `translateY(${distance}px)` }, { transform: 'none' }], GLIDE);
        }
      }
    }
  }

  /** Removed rows fade out in place. They are only visual copies: the list itself is updated at once. */
  #ghosts(left, tops) {
    if (calm.matches) {
      return;
    }
    for (const { item } of left) {
      const ghost = element('div', { class: 'ghost', 'aria-hidden': 'true' },
        ...this.#rows.get(item).firstElementChild.cloneNode(true).childNodes);
      ghost.style.top = `${this.#list.offsetTop + tops.get(item)}px`;
      this.#list.parentElement.append(ghost);
      ghost.animate([{ opacity: 0.8, transform: 'none' }, { opacity: 0, transform: 'translateX(-18px)' }], FADE)
        .finished.finally(() => ghost.remove());
    }
  }
}

function label(row, rank, move) {
  row.querySelector('.rank').textContent = rank;
  const [kind, picture, words] =
    move === 'new' ? ['new', 'new', ', new in the list']
      : move > 0 ? ['up', `▲ ${move}`, `, up ${move}`]
        : move < 0 ? ['down', `▼ ${-move}`, `, down ${-move}`]
          : ['same', '', ''];
  row.dataset.move = kind;
  row.querySelector('.move').textContent = picture;
  row.querySelector('.moved').textContent = words;
}
