import Markup

extension Page {
    /// The script: asks for the page again and changes what has changed, in place.
    ///
    /// No element is replaced that is still there, so focus, scroll position and a screen reader's place stay. What is
    /// said aloud is another headline or a new rejection, not every second that passes.
    static let script: HTML = #"""
        'use strict';
        const news = document.getElementById('news'), updated = document.getElementById('updated');
        const pause = document.getElementById('pause');
        let timer, isPaused = false;

        function same(a, b) {
          return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
        }

        function change(old, now) {
          if (old.nodeType !== Node.ELEMENT_NODE) {
            if (old.data !== now.data) old.data = now.data;
            return;
          }
          for (const {name, value} of now.attributes)
            if (old.getAttribute(name) !== value) old.setAttribute(name, value);
          for (const {name} of [...old.attributes])
            if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
          let next = old.firstChild;
          for (const child of now.childNodes) {
            const known = child.id ? [...old.children].find(one => one.id === child.id) : next;
            if (!known || !same(known, child)) {
              old.insertBefore(document.importNode(child, true), next);
              continue;
            }
            if (known === next) next = next.nextSibling;
            else old.insertBefore(known, next);
            change(known, child);
          }
          while (next) {
            const gone = next;
            next = next.nextSibling;
            gone.remove();
          }
        }

        function take(page) {
          const before = document.getElementById('headline').textContent;
          const more = page.body.dataset.refused - document.body.dataset.refused;
          for (const part of ['#state', 'main', 'footer', '#updated'])
            change(document.querySelector(part), page.querySelector(part));
          document.title = page.title;
          document.querySelector('link[rel=icon]').href = page.querySelector('link[rel=icon]').href;
          document.body.dataset.refused = page.body.dataset.refused;
          const headline = document.getElementById('headline').textContent;
          news.className = '';
          if (headline !== before) news.textContent = headline;
          else if (more > 0) news.textContent = more === 1 ? 'One more rejection.' : more + ' more rejections.';
          else news.textContent = '';
        }

        function fail() {
          if (news.className) return;
          news.className = 'late';
          news.textContent = 'No answer any more: does kubectl port-forward still run?';
        }

        function ask() {
          const request = new XMLHttpRequest();
          request.open('GET', location.pathname);
          request.responseType = 'document';
          request.timeout = 5000;
          request.onload = () => request.status === 200 && request.response ? take(request.response) : fail();
          request.onerror = request.ontimeout = fail;
          request.onloadend = wait;
          request.send();
        }

        function wait() {
          clearTimeout(timer);
          if (!isPaused && !document.hidden) timer = setTimeout(ask, 10000);
        }

        document.addEventListener('visibilitychange', () => {
          clearTimeout(timer);
          if (!isPaused && !document.hidden) ask();
        });
        pause.addEventListener('click', () => {
          isPaused = !isPaused;
          pause.textContent = isPaused ? 'Resume updates' : 'Pause updates';
          clearTimeout(timer);
          if (!isPaused) ask();
        });
        pause.hidden = false;
        wait();
        """#
}
