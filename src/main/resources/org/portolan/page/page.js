// What the page shows is brought up to date when something happens: the page is fetched again, and what differs is put in its place.
// Without this script the page is the same, as of its loading.
(() => {
  'use strict';
  const said = document.getElementById('live');
  let due = 0, busy = false;

  const same = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || '') === (other.id || '');

  // Keeps each node that is still there, so that focus, selection and open details stay.
  function bring(here, there) {
    if (here.nodeType === Node.TEXT_NODE) {
      if (here.data !== there.data) here.data = there.data;
      return;
    }
    if (here.nodeType !== Node.ELEMENT_NODE) return;
    for (const {name} of [...here.attributes]) {
      if (!there.hasAttribute(name) && !(here.nodeName === 'DETAILS' && name === 'open')) here.removeAttribute(name);
    }
    for (const {name, value} of there.attributes) {
      if (here.getAttribute(name) !== value && !(here.nodeName === 'INPUT' && name === 'value')) here.setAttribute(name, value);
    }
    let next = here.firstChild;
    for (const wanted of [...there.childNodes]) {
      let found = next;
      if (wanted.id) while (found && !same(found, wanted)) found = found.nextSibling;
      if (found && same(found, wanted)) {
        while (next !== found) { const gone = next; next = next.nextSibling; gone.remove(); }
        next = next.nextSibling;
        bring(found, wanted);
      } else {
        here.insertBefore(document.importNode(wanted, true), next);
      }
    }
    while (next) { const gone = next; next = next.nextSibling; gone.remove(); }
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

  const events = new EventSource('/live');
  events.onopen = () => { said.textContent = 'Live'; };
  events.onmessage = () => { if (!due) due = setTimeout(refresh, 300); };
  events.onerror = () => { said.textContent = 'Not connected: the page is as of the time shown'; };
  // What a health check finds is no event.
  setInterval(() => { if (!document.hidden && !due) due = setTimeout(refresh, 0); }, 15000);
})();
