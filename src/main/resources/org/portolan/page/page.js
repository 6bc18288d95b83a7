// What the page shows is brought up to date when something happens: the page is fetched again, and what differs is put in its place.
// Without this script the page is the same, as of its loading.
(() => {
  'use strict';
  const said = document.getElementById('live');
  const log = document.querySelector('.log[data-follow]'), hold = document.getElementById('hold'), silent = document.getElementById('silent');
  let due = 0, busy = false;

  const same = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || '') === (other.id || '');

  // A form that is open stays as it was opened, also where it would be gone by now: what is sent is what was read, and the controller
  // refuses it if that has changed. What it is about shows around it.
  const held = node => node.nodeType === Node.ELEMENT_NODE && (node.matches('details.ask[open]') || node.querySelector('details.ask[open]'));
  const drop = node => { if (!held(node)) node.remove(); };

  // Keeps each node that is still there, so that focus, selection and open details stay.
  function bring(here, there) {
    if (here.nodeType === Node.TEXT_NODE) {
      if (here.data !== there.data) here.data = there.data;
      return;
    }
    if (here.nodeType !== Node.ELEMENT_NODE || here === log || here === hold || here === silent) return;
    if (here.nodeName === 'FORM' && here.closest('details[open]')) return;
    for (const {name} of [...here.attributes]) {
      if (!there.hasAttribute(name) && !(here.nodeName === 'DETAILS' && name === 'open')) here.removeAttribute(name);
    }
    for (const {name, value} of there.attributes) {
      if (here.getAttribute(name) !== value) here.setAttribute(name, value);
    }
    let next = here.firstChild;
    for (const wanted of [...there.childNodes]) {
      let found = next;
      if (wanted.id) while (found && !same(found, wanted)) found = found.nextSibling;
      if (found && same(found, wanted)) {
        while (next !== found) { const gone = next; next = next.nextSibling; drop(gone); }
        next = next.nextSibling;
        bring(found, wanted);
      } else {
        here.insertBefore(document.importNode(wanted, true), next);
      }
    }
    while (next) { const gone = next; next = next.nextSibling; drop(gone); }
  }

  async function refresh() {
    if (busy) { due = setTimeout(refresh, 500); return; }
    due = 0;
    busy = true;
    try {
      const answer = await fetch(location.href, {headers: {Accept: 'text/html'}, credentials: 'same-origin'});
      if (answer.redirected && new URL(answer.url).pathname === '/sign-in') { location.reload(); return; }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        bring(document.getElementById('main'), page.getElementById('main'));
        bring(document.getElementById('seen'), page.getElementById('seen'));
      }
    } catch {
      // The stream tells when the controller is back.
    } finally {
      busy = false;
    }
  }

  // A log goes on line by line. Whoever reads further up, or has paused it, is left there.
  const kept = 1000;
  let waiting = [], first = true;

  function show() {
    if (hold.getAttribute('aria-pressed') === 'true' || !waiting.length) return;
    const below = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
    if (first) { log.replaceChildren(); first = false; }
    if (silent) silent.remove();
    for (const line of waiting) {
      const item = document.createElement('li'), time = document.createElement('span'), text = document.createElement('span');
      if (line.stream === 'stderr') item.className = 'err';
      time.className = 'at';
      time.textContent = line.at.slice(0, 19).replace('T', ' ') + ' UTC';
      text.textContent = line.text;
      item.append(time, ' ', text);
      log.append(item);
    }
    waiting = [];
    while (log.childElementCount > kept) log.firstChild.remove();
    if (below) log.scrollTop = log.scrollHeight;
  }

  async function follow() {
    try {
      const answer = await fetch(log.dataset.follow, {credentials: 'same-origin'});
      if (!answer.ok || answer.redirected) return;
      first = true;
      waiting = [];
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = '';;) {
        const {value, done} = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        waiting.push(...lines.filter(line => line).map(line => JSON.parse(line)).filter(line => line.at));
        if (waiting.length > kept) waiting = waiting.slice(-kept);
        show();
      }
    } catch {
      // Asked again below.
    }
    setTimeout(follow, 3000);
  }

  if (log) {
    log.scrollTop = log.scrollHeight;
    hold.hidden = false;
    hold.addEventListener('click', () => {
      hold.setAttribute('aria-pressed', String(hold.getAttribute('aria-pressed') !== 'true'));
      show();
    });
    follow();
  }

  // Closed, it is brought up to date.
  document.addEventListener('toggle', event => {
    const form = event.target.matches('details.ask:not([open])') && event.target.querySelector('form');
    if (form) { form.reset(); soon(0); }
  }, true);

  // A second click is no second change.
  document.addEventListener('submit', event => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = 'sent';
  });
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));

  // Screen readers say it, so only what is new is written.
  const say = text => { if (said.textContent !== text) said.textContent = text; };
  const soon = time => { if (!due) due = setTimeout(refresh, time); };
  const events = new EventSource('/live');
  // What happened between the making of the page and now, or while there was no connection, is no event of this one.
  events.onopen = () => { say('Live'); soon(300); };
  events.onmessage = () => soon(300);
  events.onerror = () => say('Not connected: the page is as of the time shown');
  // What a health check finds is no event, nor is the end of a change by itself.
  let rounds = 0;
  setInterval(() => {
    const open = document.querySelector('.note .busy');
    if (!document.hidden && (open || ++rounds % 10 === 0)) soon(0);
  }, 1500);
})();
