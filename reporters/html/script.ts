/**
 * What the page does besides being read: it searches, goes from check to check by keys, opens what a link points at,
 * copies commands and gives the report as a file. It makes no markup and asks for nothing. Without it the page only lacks
 * this.
 */
export const SCRIPT = String.raw`'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const words = byId('words');
  const found = byId('found');
  const rows = all('.row');
  const items = all('.item');
  const groups = all('.group');
  const boxes = all('.filter [type=checkbox]');
  for (const part of all('[data-needs-script]')) part.hidden = false;

  const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
  const isChosen = (item) => boxes.every((box) => box.checked || !item.classList.contains(box.id.replace('show-', '')));
  const openedBySearch = new Set();
  const close = () => {
    for (const row of openedBySearch) row.open = false;
    openedBySearch.clear();
  };
  const highlight = (wanted) => {
    if (!('highlights' in CSS)) return;
    CSS.highlights.delete('found');
    if (wanted.length === 0) return;
    const ranges = [];
    for (const item of items.filter((one) => !one.hidden)) {
      const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.data.toLowerCase();
        for (const word of wanted)
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            // A few letters are longer in lower case.
            const { length } = walker.currentNode.data;
            range.setStart(walker.currentNode, Math.min(at, length));
            range.setEnd(walker.currentNode, Math.min(at + word.length, length));
            ranges.push(range);
          }
      }
    }
    CSS.highlights.set('found', new Highlight(...ranges));
  };
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    close();
    for (const item of items) item.hidden = !isChosen(item) || !wanted.every((word) => texts.get(item).includes(word));
    for (const row of rows) {
      // What was found stands inside: it is opened, and closed again afterwards.
      const line = row.firstElementChild.textContent.toLowerCase();
      if (wanted.length > 0 && !row.hidden && !row.open && !wanted.every((word) => line.includes(word))) {
        row.open = true;
        openedBySearch.add(row);
      }
    }
    for (const group of groups) group.hidden = [...group.querySelectorAll('.item')].every((item) => item.hidden) && group.querySelector('.item') !== null;
    const shown = rows.filter((row) => !row.hidden).length;
    byId('none').hidden = shown > 0;
    found.textContent = shown === rows.length && wanted.length === 0 ? '' : shown + ' of ' + rows.length + ' checks';
    highlight(wanted);
  };
  let waiting;
  words.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 80);
  });
  for (const box of boxes) box.addEventListener('change', filter);

  const setAll = (open) => {
    for (const row of rows) if (!row.hidden) row.open = open;
  };
  byId('open-all').addEventListener('click', () => setAll(true));
  byId('close-all').addEventListener('click', () => setAll(false));
  addEventListener('beforeprint', () => setAll(true));

  const go = (way) => {
    const shown = rows.filter((row) => !row.hidden);
    const at = shown.indexOf(document.activeElement.closest('.row'));
    const next = shown[at < 0 ? (way > 0 ? 0 : shown.length - 1) : at + way];
    if (next) next.firstElementChild.focus();
  };
  const clear = () => {
    words.value = '';
    filter();
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === words;
    if (event.key === 'Escape' && isTyping) {
      clear();
      words.blur();
    } else if (isTyping) return;
    else if (event.key === '/') {
      event.preventDefault();
      words.focus();
      words.select();
    } else if (event.key === 'j') go(1);
    else if (event.key === 'k') go(-1);
  });

  const openTarget = () => {
    const row = byId(decodeURIComponent(location.hash.slice(1)));
    if (!row || !row.classList.contains('row')) return;
    if (row.hidden) {
      for (const box of boxes) box.checked = true;
      clear();
    }
    row.open = true;
    row.scrollIntoView({ block: 'center' });
    row.firstElementChild.focus({ preventScroll: true });
  };
  addEventListener('hashchange', openTarget);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#check-"]');
    // The same link again does not change the address.
    if (link && link.hash === location.hash) openTarget();
  });
  openTarget();

  const copied = (button, text) => {
    button.textContent = text;
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  };
  const select = (element) => {
    const range = new Range();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  for (const button of all('.copy')) {
    const code = button.parentElement.querySelector('code');
    button.addEventListener('click', () => {
      const denied = () => {
        select(code);
        copied(button, 'Selected');
      };
      if (!navigator.clipboard) return denied();
      navigator.clipboard.writeText(code.textContent).then(() => copied(button, 'Copied'), denied);
    });
  }

  byId('download').addEventListener('click', () => {
    const report = JSON.parse(byId('report').textContent);
    const file = new Blob([JSON.stringify(report, null, 2) + '\n'], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'stethos-report.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
})();
`;
