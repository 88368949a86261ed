// No build step and no library: what a browser has is enough.

const $ = (selector) => document.querySelector(selector);

/** What the API lets whom do. */
const doors = [
  { method: 'GET', path: '/articles', rule: 'everybody' },
  { method: 'GET', path: '/me', rule: 'whoever is signed in' },
  {
    method: 'POST',
    path: '/articles',
    rule: 'groups editor or admin',
    body: { title: 'Written in a browser' },
  },
  { method: 'GET', path: '/admin/users/uma', rule: 'group admin' },
];

async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: {
      // What no page of another site can send.
      'X-CSRF-Protection': '1',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Asks again with new tokens when the old ones have expired. */
async function call(method, path, body) {
  const answer = await send(method, path, body);
  if (answer.status !== 401 || answer.body?.code !== 'token_expired') return answer;
  const refreshed = await send('POST', '/session/refresh');
  return refreshed.status === 200 ? send(method, path, body) : answer;
}

function say(text, good = false) {
  const message = $('#message');
  message.textContent = text;
  message.classList.toggle('good', good);
}

function show(step) {
  for (const part of document.querySelectorAll('[data-step]')) part.hidden = part.dataset.step !== step;
  const first = $(`[data-step="${step}"] input`);
  (first ?? $('#account-title')).focus();
}

/** Keeps a name from one step to the next. */
function carry(username) {
  for (const input of document.querySelectorAll('input[name="username"]')) input.value = username;
}

async function showWho({ move = true } = {}) {
  const { status, body } = await call('GET', '/me/or-nobody');
  const { username, groups } = status === 200 ? body : { username: null, groups: [] };
  const signedIn = username !== null;
  $('#who').textContent = signedIn ? `Signed in as ${username}.` : 'Nobody is signed in.';
  $('#sign-out').hidden = !signedIn;
  $('#username').textContent = username ?? '';
  $('#groups').textContent = groups.length > 0 ? groups.join(', ') : 'none';
  if (signedIn || move) show(signedIn ? 'signed-in' : 'sign-in');
}

/** The challenge of the sign-in that is under way. */
let pending;

/** What the page can ask for, by the name of the challenge. */
const questions = {
  NEW_PASSWORD_REQUIRED: {
    hint: 'You were invited with a temporary password. Choose your own.',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
    answer: (newPassword) => ({ newPassword }),
  },
  SOFTWARE_TOKEN_MFA: {
    hint: 'Your authenticator app shows a code.',
    label: 'Code',
    type: 'text',
    autocomplete: 'one-time-code',
    answer: (code) => ({ code }),
  },
  EMAIL_OTP: {
    hint: 'A code was sent to you.',
    label: 'Code',
    type: 'text',
    autocomplete: 'one-time-code',
    answer: (code) => ({ code }),
  },
};

async function proceed({ status, body }) {
  if (status !== 200) {
    say(body.detail);
    return;
  }
  if (body.status === 'signed-in') {
    say('');
    pending = undefined;
    for (const form of document.forms) form.reset();
    await showWho();
    return;
  }
  if (body.challenge.name === 'WEB_AUTHN') {
    await usePasskey(body.challenge);
    return;
  }
  const question = questions[body.challenge.name];
  if (question === undefined) {
    say(`This page does not know the challenge ${body.challenge.name}.`);
    return;
  }
  say('');
  pending = body.challenge;
  $('#challenge-hint').textContent = question.hint;
  $('#challenge-label').textContent = question.label;
  const input = $('#challenge input');
  input.value = '';
  input.type = question.type;
  input.autocomplete = question.autocomplete;
  show('challenge');
}

/** Lets the browser sign the challenge, which asks its user. */
async function usePasskey({ sealed, credentialRequestOptions }) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(credentialRequestOptions);
  const credential = await navigator.credentials.get({ publicKey });
  await proceed(
    await send('POST', '/session/challenge', {
      challenge: sealed,
      answer: { credential: credential.toJSON() },
    }),
  );
}

async function addPasskey() {
  const begun = await call('POST', '/session/passkeys/options');
  if (begun.status !== 200) {
    say(begun.body.detail);
    return;
  }
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.body.credentialCreationOptions);
  const credential = await navigator.credentials.create({ publicKey });
  const { status, body } = await call('POST', '/session/passkeys', { credential: credential.toJSON() });
  if (status === 204) say('The passkey is added: sign out, and sign in with it.', true);
  else say(body.detail);
}

const submits = {
  async 'sign-in'({ username, password }) {
    carry(username);
    await proceed(await send('POST', '/session/sign-in', { username, password }));
  },

  async 'sign-up'({ username, email, password }) {
    const { status, body } = await send('POST', '/session/sign-up', {
      username,
      password,
      attributes: { email },
    });
    if (status !== 202) {
      say(body.detail);
      return;
    }
    carry(username);
    say('If the name was free, a code is on its way.', true);
    show('confirm');
    $('#confirm input[name="code"]').focus();
  },

  async confirm({ username, code }) {
    const { status, body } = await send('POST', '/session/sign-up/confirm', { username, code });
    if (status !== 204) {
      say(body.detail);
      return;
    }
    say('The account is confirmed: sign in.', true);
    show('sign-in');
    carry(username);
    $('#sign-in input[name="password"]').focus();
  },

  async challenge({ answer }) {
    const question = questions[pending.name];
    await proceed(
      await send('POST', '/session/challenge', {
        challenge: pending.sealed,
        answer: question.answer(answer),
      }),
    );
  },
};

for (const form of document.forms) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      await submits[form.id](Object.fromEntries(new FormData(form)));
    } catch {
      say('The API does not answer: is it still running?');
    } finally {
      button.disabled = false;
    }
  });
}

for (const link of document.querySelectorAll('[data-go]')) {
  link.addEventListener('click', () => {
    say('');
    show(link.dataset.go);
  });
}

// A relying party is a name; an address, as 127.0.0.1, is none.
const isNamed = location.hostname === 'localhost';
for (const part of document.querySelectorAll('[data-passkeys]')) {
  part.hidden = (part.dataset.passkeys === 'here') !== isNamed;
}
$('#localhost').href = Object.assign(new URL(location.href), { hostname: 'localhost' }).href;

function withPasskey(selector, act) {
  const button = $(selector);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      // The browser's own word for no: the user changed their mind, has no such passkey, took too long.
      say(
        error.name === 'NotAllowedError' ? 'No passkey was used.' : 'This browser cannot do passkeys here.',
      );
    } finally {
      button.disabled = false;
    }
  });
}

withPasskey('#add-passkey', addPasskey);
withPasskey('#use-passkey', async () => {
  const input = $('#sign-in input[name="username"]');
  if (!input.reportValidity()) return;
  carry(input.value);
  const begin = { username: input.value, preferredChallenge: 'WEB_AUTHN' };
  await proceed(await send('POST', '/session/sign-in', begin));
});

$('#sign-out').addEventListener('click', async () => {
  await send('POST', '/session/sign-out');
  for (const result of document.querySelectorAll('#doors output')) result.replaceChildren();
  say('');
  await showWho();
});

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

for (const { method, path, rule, body } of doors) {
  const result = element('output', {});
  const button = element('button', { type: 'button', textContent: 'Try' });
  button.setAttribute('aria-label', `Try ${method} ${path}`);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const answer = await call(method, path, body);
      const badge = element('strong', { textContent: String(answer.status) });
      badge.className = answer.status < 300 ? 'open' : 'closed';
      const text = answer.status < 300 ? JSON.stringify(answer.body) : answer.body.detail;
      result.replaceChildren(badge, element('pre', { textContent: text }));
    } finally {
      button.disabled = false;
    }
  });
  $('#doors').append(
    element(
      'li',
      {},
      element('code', { textContent: `${method} ${path}` }),
      element('span', { className: 'rule', textContent: rule }),
      button,
      result,
    ),
  );
}

const { body: demo } = await send('GET', '/demo.json');
if (demo.users.length > 0) {
  for (const { username, password, about } of demo.users) {
    const button = element('button', { type: 'button', className: 'link', textContent: username });
    button.addEventListener('click', () => {
      $('#sign-in input[name="username"]').value = username;
      $('#sign-in input[name="password"]').value = password;
      $('#sign-in button').focus();
    });
    $('#demo ul').append(element('li', {}, button, ` ${about}`));
  }
  $('#demo').hidden = false;
  const outbox = element('a', {
    href: demo.messages,
    target: '_blank',
    rel: 'noreferrer',
    textContent: 'in the outbox',
  });
  $('#messages').append('Here, that means: it is in the terminal, and ', outbox, '.');
}
await showWho({ move: false });
document.documentElement.dataset.ready = 'true';
