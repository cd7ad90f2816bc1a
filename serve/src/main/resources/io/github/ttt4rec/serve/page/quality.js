// How good the lists are: NDCG@10 of each method, and of the arms of an experiment, with 95 % intervals.

import { shape } from './dom.js';

const HEIGHT = 220;
const LEFT = 40;
const RIGHT = 120;
const TOP = 12;
const BOTTOM = 194;
const NAMES = { served: 'adaptive', frozen: 'frozen', popularity: 'popularity' };

/** Draws what GET /v1/quality answers into `figure`, and says in `note` what there is to see. */
export function showQuality(figure, note, quality) {
  const methods = Object.keys(NAMES)
    .map((method) => ({ method, parts: quality.course.filter((part) => part.method === method) }))
    .filter(({ parts }) => parts.length > 0);
  if (methods.length === 0) {
    note.textContent = `${quality.ranked} purchases were ranked just before they were stored, one in `
      + `${quality.sample_rate > 0 ? Math.round(1 / quality.sample_rate) : '…'}; the chart begins with 250 of them.`;
    figure.replaceChildren();
    return;
  }
  const last = methods.map(({ method, parts }) => `${NAMES[method]} ${words(parts.at(-1))}`).join(', ');
  note.textContent = `NDCG@10 of the purchases ranked just before they were stored, a point for each 250 of them, with 95 % `
    + `intervals. The last point: ${last}.${quality.dropped ? ' The lists are worse than before by more than chance.' : ''}`;

  const width = Math.max(320, figure.clientWidth);
  const count = Math.max(...methods.map(({ parts }) => parts.length));
  const high = Math.max(0.05, ...methods.flatMap(({ parts }) => parts.map((part) => part.ndcg_10 + half(part))));
  const x = (index) => LEFT + (width - LEFT - RIGHT) * (index + 0.5) / count;
  const y = (value) => BOTTOM - (BOTTOM - TOP) * Math.max(0, value) / high;
  const svg = shape('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: 'img', 'aria-label': note.textContent });
  for (const value of [0, high / 2, high]) {
    svg.append(shape('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      shape('text', { class: 'tick', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, value.toFixed(2)));
  }
  svg.append(shape('text', { class: 'tick', x: LEFT, y: HEIGHT - 6 }, 'earlier'),
    shape('text', { class: 'tick', x: width - RIGHT, y: HEIGHT - 6, 'text-anchor': 'end' }, 'now'));
  let label = 0;
  for (const { method, parts } of methods) {
    const first = count - parts.length;
    const group = shape('g', { class: method });
    group.append(shape('polyline', {
      class: 'line', points: parts.map((part, index) => `${x(first + index)},${y(part.ndcg_10)}`).join(' '),
    }));
    parts.forEach((part, index) => group.append(
      shape('line', {
        class: 'whisker', x1: x(first + index), x2: x(first + index),
        y1: y(part.ndcg_10 - half(part)), y2: y(part.ndcg_10 + half(part)),
      }),
      shape('circle', { class: 'dot', cx: x(first + index), cy: y(part.ndcg_10), r: 3 }, shape('title', {}, words(part)))));
    group.append(shape('text', { class: 'name', x: width - RIGHT + 12, y: TOP + 12 + 18 * label++ }, NAMES[method]));
    svg.append(group);
  }
  figure.replaceChildren(svg);
}

/** Half of the interval; 0 if there is none, as with one user. */
const half = (part) => part.ndcg_10_half_width ?? 0;

const words = (part) => part.ndcg_10.toFixed(3)
  + (part.ndcg_10_half_width === undefined ? '' : ` ± ${part.ndcg_10_half_width.toFixed(3)}`);

const ROW = 30;

/** Draws the arms of GET /v1/experiments into `figure`, a row with its interval for each, and says in `note` how they compare. */
export function showExperiments(figure, note, experiments) {
  note.hidden = experiments.length === 0;
  figure.hidden = experiments.length === 0;
  if (experiments.length === 0) {
    return;
  }
  const { name, arms } = experiments[0];
  note.textContent = `Experiment ${name}: ${arms.map(compared).join('; ')}.`;
  const width = Math.max(320, figure.clientWidth);
  const high = Math.max(0.05, ...arms.map((arm) => arm.ndcg_10 + half(arm)));
  const x = (value) => 160 + (width - 180) * Math.max(0, value) / high;
  const svg = shape('svg', {
    viewBox: `0 0 ${width} ${ROW * (arms.length + 1)}`, height: ROW * (arms.length + 1), role: 'img', 'aria-label': note.textContent,
  });
  arms.forEach((arm, index) => {
    const y = ROW * (index + 0.5);
    svg.append(shape('g', { class: index === 0 ? 'frozen' : 'served' },
      shape('text', { class: 'name', x: 0, y: y + 4 }, arm.name),
      shape('line', { class: 'whisker', x1: x(arm.ndcg_10 - half(arm)), x2: x(arm.ndcg_10 + half(arm)), y1: y, y2: y }),
      shape('circle', { class: 'dot', cx: x(arm.ndcg_10), cy: y, r: 4 }, shape('title', {}, words(arm)))));
  });
  for (const value of [0, high]) {
    svg.append(shape('text', { class: 'tick', x: x(value), y: ROW * (arms.length + 0.6), 'text-anchor': 'middle' }, value.toFixed(2)));
  }
  figure.replaceChildren(svg);
}

function compared(arm) {
  const figures = `${arm.name} ${words(arm)} of ${arm.events} purchases`;
  if (arm.comparison === undefined) {
    return figures;
  }
  const { difference, half_width: always, p, events_needed: needed } = arm.comparison;
  const sign = difference < 0 ? '−' : '+';
  return `${figures}, ${sign}${Math.abs(difference).toFixed(3)} ± ${always.toFixed(3)} to the first, p ${p.toFixed(3)} at any time`
    + (needed > 0 ? `, ${needed} more needed` : '');
}
