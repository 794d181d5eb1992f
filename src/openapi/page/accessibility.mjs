// @ts-check

/** Names of fields that Swagger UI leaves without one, by selector. */
const NAMES = {
  '#servers': 'Server',
  '.examples-select-element': 'Example',
  '.body-param__text': 'Request body',
  'select.content-type': 'Media type',
  '.model-example textarea': 'Example',
};
/** What scrolls must have the focus of the keyboard. */
const SCROLLING = 'pre.microlight, .highlight-code > pre, .highlight-code > div, .curl';

/**
 * Mends what Swagger UI leaves out for screen readers and the keyboard.
 *
 * @param {HTMLElement} node
 */
export function makeAccessible(node) {
  const mend = () => {
    for (const [selector, name] of Object.entries(NAMES)) {
      for (const field of node.querySelectorAll(`:is(${selector}):not([aria-label])`))
        field.setAttribute('aria-label', name);
    }
    for (const block of node.querySelectorAll(`:is(${SCROLLING}):not([tabindex])`))
      block.setAttribute('tabindex', '0');
  };
  new MutationObserver(mend).observe(node, { childList: true, subtree: true });
}

/**
 * A plugin of Swagger UI: the name of an operation is in a button, so it must not be a link as well.
 *
 * @param {{ React: any }} system
 */
export const noNestedLinks = ({ React }) => ({
  wrapComponents: {
    DeepLink:
      () =>
      (/** @type {{ text: string }} */ { text }) =>
        React.createElement('span', { className: 'nostyle' }, React.createElement('span', null, text)),
  },
});
