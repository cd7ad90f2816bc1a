// Two small charts of the same purchases: the inner loss as a line, the change of the fast weights as bars.

import { shape } from './dom.js';
import { nameOf } from './text.js';

const MOST = 40; // number of purchases to show, the latest
const HEIGHT = 196;
const LEFT = 34;
const RIGHT = 10;
const LOSS = { title: 14, top: 28, bottom: 82 };
const CHANGE = { title: 112, top: 124, bottom: 176 };

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export class Chart {
  #figure;
  #history = [];
  #newest = -1;

  constructor(figure) {
    this.#figure = figure;
    let width = 0;
    new ResizeObserver(() => {
      if (width !== figure.clientWidth) {
        width = figure.clientWidth;
        this.#draw(false);
      }
    }).observe(figure);
  }

  /** Shows a user's history in the format of GET /v1/users/{id}. */
  show(history) {
    this.#history = history;
    const newest = history.at(-1)?.position ?? -1;
    this.#draw(newest === this.#newest + 1);
    this.#newest = newest;
  }

  /** Marks the event at `position`; null marks none. */
  highlight(position) {
    for (const mark of this.#figure.querySelectorAll('[data-position]')) {
      mark.classList.toggle('marked', Number(mark.dataset.position) === position);
    }
  }

  #draw(isGrown) {
    const width = this.#figure.clientWidth;
    if (width === 0) {
      return;
    }
    const events = this.#history.slice(-MOST);
    const known = events.filter((event) => event.inner_loss !== null && event.inner_loss !== undefined);
    const svg = shape('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: 'img', 'aria-label': words(known) });
    svg.append(
      heading(LOSS.title, width, 'Inner loss', 'how little this was expected'),
      heading(CHANGE.title, width, 'Change', 'how far the fast weights moved'),
      line('axis', LEFT, LOSS.bottom, width - RIGHT, LOSS.bottom),
      line('axis', LEFT, CHANGE.bottom, width - RIGHT, CHANGE.bottom));
    if (known.length === 0) {
      svg.append(text('empty', (LEFT + width - RIGHT) / 2, LOSS.bottom - 22,
        events.length === 0 ? 'The first purchase makes the first step.' : 'None of these purchases is in the fast weights now.',
        'middle'));
      this.#figure.replaceChildren(svg);
      return;
    }

    const step = Math.min(44, (width - LEFT - RIGHT - 16) / Math.max(1, events.length - 1));
    const x = new Map(events.map((event, index) => [event.position, LEFT + 14 + index * step]));
    const loss = scale(lossRange(known.map((event) => event.inner_loss)), LOSS);
    const change = scale([0, Math.max(...known.map((event) => event.change)) * 1.05 || 1], CHANGE);
    svg.append(...ticks(loss, LOSS), ...ticks(change, CHANGE));

    svg.append(shape('polyline', {
      class: 'line',
      points: known.map((event) => `${x.get(event.position)},${loss.at(event.inner_loss)}`).join(' '),
    }));
    const half = Math.max(1.5, Math.min(9, step * 0.32));
    known.forEach((event, index) => {
      const last = index === known.length - 1 ? ' last' : '';
      const title = `${event.position + 1}. ${nameOf(event)}: loss ${event.inner_loss.toFixed(2)}, change ${event.change.toFixed(3)}`;
      const dot = shape('circle', {
        class: `dot${last}`, cx: x.get(event.position), cy: loss.at(event.inner_loss), r: last ? 4.5 : step > 12 ? 3 : 2,
        'data-position': event.position,
      }, shape('title', {}, title));
      const top = change.at(event.change);
      const bar = shape('rect', {
        class: `bar${last}`, x: x.get(event.position) - half, y: top, width: 2 * half, height: CHANGE.bottom - top, rx: 1.5,
        'data-position': event.position,
      }, shape('title', {}, title));
      svg.append(dot, bar);
      if (last && isGrown && !calm.matches) {
        bar.animate([{ transform: 'scaleY(0)' }, { transform: 'none' }], { duration: 420, easing: 'ease-out' });
        dot.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 420 });
      }
    });
    const ends = events.length > 1 ? [events[0], events.at(-1)] : events;
    svg.append(...ends.map((event) => text('tick', x.get(event.position), HEIGHT - 6, event.position + 1, 'middle')));
    this.#figure.replaceChildren(svg);
  }
}

function words(known) {
  if (known.length === 0) {
    return 'Chart of the inner loss and the fast-weight change of each purchase: nothing to show yet.';
  }
  const last = known.at(-1);
  return `Chart of the inner loss and the fast-weight change of each purchase. The last one, ${nameOf(last)}: loss `
    + `${last.inner_loss.toFixed(2)}, change ${last.change.toFixed(3)}. The history lists all of them.`;
}

/**
 * The axis does not start at zero, because losses differ little, but its range is large enough that noise does not look
 * like a trend.
 */
function lossRange(losses) {
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const room = Math.max(0.15 * high - (high - low), 0.1 * (high - low)) / 2;
  return [Math.max(0, low - room), high + room];
}

function scale([low, high], panel) {
  const range = high - low || 1;
  return { low, high, at: (value) => panel.bottom - (value - low) / range * (panel.bottom - panel.top) };
}

function ticks(axis, panel) {
  const digits = axis.high < 1 ? 2 : 1;
  return [
    text('tick', LEFT - 6, panel.bottom + 3, axis.low === 0 ? '0' : axis.low.toFixed(digits), 'end'),
    text('tick', LEFT - 6, panel.top + 4, axis.high.toFixed(digits), 'end'),
    line('grid', LEFT, panel.top, '100%', panel.top),
  ];
}

function heading(y, width, title, explanation) {
  return shape('g', {}, text('title', 0, y, title, 'start'), text('explanation', width, y, explanation, 'end'));
}

const text = (name, x, y, content, anchor) => shape('text', { class: name, x, y, 'text-anchor': anchor }, String(content));

const line = (name, x1, y1, x2, y2) => shape('line', { class: name, x1, y1, x2, y2 });
