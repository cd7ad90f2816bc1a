// Draws lines between equal items of two adjacent lists, and highlights an item in both.

import { shape } from './dom.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export class Links {
  #left;
  #right;
  #gutter;

  constructor(left, right, gutter) {
    this.#left = left;
    this.#right = right;
    this.#gutter = gutter;
    for (const list of [left, right]) {
      for (const type of ['mouseover', 'focusin']) {
        list.addEventListener(type, (event) => this.#mark(event.target.closest('li')?.dataset.item));
      }
      for (const type of ['mouseleave', 'focusout']) {
        list.addEventListener(type, () => this.#mark(undefined));
      }
    }
    new ResizeObserver(() => this.draw()).observe(gutter);
  }

  /** Call this when the lists have changed. */
  draw() {
    const { clientWidth: width, clientHeight: height } = this.#gutter;
    const begin = this.#left.getBoundingClientRect().top - this.#gutter.getBoundingClientRect().top;
    if (width === 0) {
      return; // the lists are below each other
    }
    const others = new Map([...this.#right.children].map((row) => [row.dataset.item, row]));
    const lines = [...this.#left.children].filter((row) => others.has(row.dataset.item)).map((row) => {
      const from = begin + middle(row);
      const to = begin + middle(others.get(row.dataset.item));
      return shape('path', {
        'data-item': row.dataset.item,
        d: `M0 ${from}C${width / 2} ${from} ${width / 2} ${to} ${width} ${to}`,
      });
    });
    const svg = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, ...lines);
    this.#gutter.replaceChildren(svg);
    if (!calm.matches) {
      svg.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 500, easing: 'ease-in' });
    }
  }

  /** Removes the lines while one list has changed and the answer for the other is pending. */
  clear() {
    this.#gutter.replaceChildren();
  }

  #mark(item) {
    for (const node of [this.#left, this.#right, this.#gutter].flatMap((part) => [...part.querySelectorAll('[data-item]')])) {
      node.classList.toggle('marked', node.dataset.item === item);
    }
  }
}

/** Returns the distance from the top of the list to the middle of a row, ignoring running animations. */
const middle = (row) => row.offsetTop + row.offsetHeight / 2 - row.parentElement.offsetTop;
