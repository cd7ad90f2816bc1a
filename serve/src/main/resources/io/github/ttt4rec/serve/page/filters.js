// Filters of items: an expression that somebody wrote, and a category.

import { quoted } from './text.js';

/** Combines a written expression and a category, '' for none, to one expression. */
export function filterOf(written, category) {
  const [expression, place] = [written.trim(), category === '' ? '' : `category = ${quoted(category)}`];
  return expression === '' || place === '' ? expression + place : `(${expression}) and ${place}`;
}

/**
 * Marks the input of an expression that the server refused, selects the place of the error and shows the message in
 * `line`. Returns false if the problem is not about a filter.
 */
export function pointAt(problem, input, line, category) {
  if (problem.at?.field !== 'filter') {
    return false;
  }
  const lead = input.value.length - input.value.trimStart().length;
  const column = Math.max(1, problem.at.column - (category === '' ? 0 : 1) + lead); // filterOf adds a parenthesis
  line.textContent = problem.message.replace(/^filter, column \d+/, `Column ${column}`);
  input.setAttribute('aria-invalid', 'true');
  input.focus();
  input.setSelectionRange(column - 1, column);
  return true;
}

/** Removes what pointAt has shown. */
export function pointAway(input, line) {
  line.textContent = '';
  input.removeAttribute('aria-invalid');
}
