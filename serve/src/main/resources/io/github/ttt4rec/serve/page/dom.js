// Helpers for creating DOM elements.

const SVG = 'http://www.w3.org/2000/svg';

/** The text after the # of this page's address, decoded; as it is if it is not valid percent-encoding. */
export function hash() {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const byId = (id) => document.getElementById(id);

/** Creates an element with attributes and children; strings become text, never markup. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** Creates an SVG element. */
export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
