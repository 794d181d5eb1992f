// @ts-check
import { element } from './elements.mjs';

/**
 * The dialogue that signs in and out. It empties the fields when it is closed: no password stays in the page.
 */
export class SignInDialog {
  /** @type {HTMLDialogElement} */
  #dialog = element('sign-in');
  /** @type {HTMLInputElement} */
  #login = element('login');
  /** @type {HTMLInputElement} */
  #password = element('password');
  /** @type {HTMLInputElement} */
  #token = element('token');
  #isWaiting = false;
  #session;

  /**
   * @param {import('./session.mjs').Session} session
   * @param {() => Promise<void>} signOut
   */
  constructor(session, signOut) {
    this.#session = session;
    this.#dialog.addEventListener('close', () => this.#empty());
    this.#dialog.addEventListener('cancel', (event) => {
      // A response that is under way starts a session.
      if (this.#isWaiting) event.preventDefault();
    });
    element('close-sign-in').addEventListener('click', () => this.#dialog.close());
    element('sign-out-here').addEventListener('click', () => {
      this.#dialog.close();
      void signOut();
    });
    element('password-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#signIn();
    });
    element('token-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#useToken();
    });
  }

  /** Opens it. */
  open() {
    if (this.#dialog.open) return;
    this.show();
    this.#dialog.showModal();
  }

  /** Shows who is signed in, or the forms. */
  show() {
    const { current } = this.#session;
    element('signed-in').hidden = current === null;
    element('signed-out').hidden = current !== null;
    element('signed-in-user').textContent = current?.name ?? '';
  }

  async #signIn() {
    if (this.#isWaiting) return;
    const [login, password] = [this.#login, this.#password];
    const missing = login.value.trim() === '' ? login : password.value === '' ? password : undefined;
    if (missing) return this.#refuse(missing, missing === login ? 'Type the login.' : 'Type the password.');
    this.#wait(true);
    try {
      await this.#session.signIn(login.value, password.value);
      this.#wait(false);
      this.#dialog.close();
    } catch (error) {
      this.#wait(false);
      password.value = '';
      this.#refuse(password, messageOf(error));
    }
  }

  #useToken() {
    try {
      if (this.#token.value.trim() === '') throw new Error('Paste a token.');
      this.#session.useToken(this.#token.value);
      this.#dialog.close();
    } catch (error) {
      this.#refuse(this.#token, messageOf(error));
    }
  }

  /**
   * Shows why nobody is signed in, and leads to the field at fault.
   *
   * @param {HTMLInputElement} field
   * @param {string} message
   */
  #refuse(field, message) {
    this.#clearErrors();
    field.setAttribute('aria-invalid', 'true');
    element(field === this.#token ? 'token-error' : 'sign-in-error').textContent = message;
    field.focus();
  }

  /** @param {boolean} isWaiting */
  #wait(isWaiting) {
    this.#isWaiting = isWaiting;
    if (isWaiting) this.#clearErrors();
    this.#dialog.setAttribute('aria-busy', String(isWaiting));
    for (const button of this.#dialog.querySelectorAll('button')) button.disabled = isWaiting;
  }

  #clearErrors() {
    for (const id of ['sign-in-error', 'token-error']) element(id).textContent = '';
    for (const field of [this.#login, this.#password, this.#token]) field.removeAttribute('aria-invalid');
  }

  #empty() {
    for (const field of [this.#login, this.#password, this.#token]) field.value = '';
    this.#clearErrors();
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : 'It did not work. Try again.';
}
