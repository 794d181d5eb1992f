// @ts-check
import { makeAccessible, noNestedLinks } from './accessibility.mjs';
import { SignInDialog } from './dialog.mjs';
import { element } from './elements.mjs';
import { interceptorOf } from './requests.mjs';
import { Session } from './session.mjs';

/** The security scheme of the document. */
const SCHEME = 'bearer';

/** The address of the service: the page is `swagger` below it. */
const base = new URL('.', location.href);
const session = new Session(base, onChange);
const dialog = new SignInDialog(session, signOut);

/** @type {any} the running Swagger UI */
let ui;

followColourScheme();
element('open-sign-in').addEventListener('click', () => dialog.open());
element('sign-out').addEventListener('click', () => void signOut());
await session.start();
render();
show();

/** Builds Swagger UI again: requests, responses and typed values of an earlier one are gone. */
function render() {
  const node = document.createElement('div');
  element('swagger-ui').replaceChildren(node);
  // @ts-expect-error -- swagger-ui-bundle.js sets it.
  ui = SwaggerUIBundle({
    domNode: node,
    url: new URL('swagger.json', base).href,
    layout: 'BaseLayout',
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    persistAuthorization: false,
    defaultModelExpandDepth: 4,
    defaultModelsExpandDepth: 2,
    plugins: [
      noNestedLinks,
      {
        statePlugins: {
          auth: { wrapActions: { showDefinitions } },
          spec: { wrapActions: { updateJsonSpec } },
        },
      },
    ],
    requestInterceptor: interceptorOf(base, session),
    onComplete: authorize,
  });
  makeAccessible(node);
}

/**
 * Opens the dialogue of the page instead of that of Swagger UI, for *Authorize* and for the padlocks.
 *
 * @param {(definitions: unknown) => unknown} original
 */
function showDefinitions(original) {
  return (/** @type {unknown} */ definitions) => {
    if (definitions) dialog.open();
    return original(false);
  };
}

/**
 * Makes requests go to where the page is from. The document names the path that the service itself knows: another one
 * leads to the page behind a proxy that takes a prefix away, and under the other prefixes of the compatible mode.
 *
 * @param {(document: object) => unknown} original
 */
function updateJsonSpec(original) {
  const servers = [{ url: base.pathname.replace(/\/$/, '') || '/' }];
  return (/** @type {object} */ document) => original({ ...document, servers });
}

/** Tells Swagger UI the token: it shows the padlocks, and adds the header to operations that need it. */
function authorize() {
  const token = session.current?.accessToken;
  const schema = ui.specSelectors.securityDefinitions()?.get(SCHEME)?.toJS();
  if (schema === undefined) return;
  if (token !== undefined) ui.authActions.authorize({ [SCHEME]: { name: SCHEME, schema, value: token } });
  else if (ui.authSelectors.authorized()?.has(SCHEME)) ui.authActions.logout([SCHEME]);
}

/** @param {'signedIn' | 'renewed' | 'signedOut' | 'ended'} change */
function onChange(change) {
  // Another tab has replied before there is anything to show it in.
  if (ui === undefined) return;
  if (change === 'signedOut') render();
  else authorize();
  show();
  if (change !== 'renewed') notify(change === 'ended' ? 'The session has ended. Sign in again.' : '');
}

async function signOut() {
  const { current } = session;
  try {
    await session.signOut();
    notify(current?.refreshToken === undefined ? 'The token is forgotten.' : 'You are signed out.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    notify(`The tokens are forgotten, but the session may still be open. ${reason}`);
  }
  element('open-sign-in').focus();
}

/** Shows who is signed in. */
function show() {
  const { current } = session;
  element('user').textContent = current?.name ?? '';
  element('user').hidden = current === null;
  element('sign-out').hidden = current === null;
  element('open-sign-in').hidden = current !== null;
  dialog.show();
}

/** @param {string} text */
function notify(text) {
  element('notice').textContent = text;
}

/** Swagger UI has dark colours under this class. */
function followColourScheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', apply);
  apply();
}
