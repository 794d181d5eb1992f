// @ts-check

/**
 * The element of page.html with this id.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no element ${id}`);
  return /** @type {T} */ (found);
}
