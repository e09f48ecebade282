// Copying and searching; everything else of the site works without it.
'use strict';

async function copy(block, button) {
  const code = block.querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // The browser does not allow it, as from a disk: the keyboard does.
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

for (const block of document.querySelectorAll('main pre')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', () => void copy(block, button));
  const frame = document.createElement('div');
  frame.className = 'code';
  block.replaceWith(frame);
  frame.append(block, button);
}

// What is wider than the page is reached without a mouse, too.
for (const wide of document.querySelectorAll('main pre, .wide')) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}

const MOST_FOUND = 12;
const root = document.documentElement.dataset.root;
const form = document.querySelector('form[role=search]');
const field = form.querySelector('input');
const found = document.getElementById('found');
const told = found.querySelector('p');
const list = found.querySelector('ol');
form.hidden = false;

const load = (name) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}assets/${name}`;
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    document.head.append(script);
  });

let index;
async function openIndex() {
  await Promise.all([load('minisearch.js'), load('search-index.js')]);
  const search = new MiniSearch({
    fields: ['title', 'page', 'text'],
    storeFields: ['url', 'page', 'title'],
    searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  search.addAll(window.stethosPages);
  return search;
}

async function show() {
  index ??= openIndex();
  const results = (await index).search(field.value);
  told.textContent = `${results.length === 0 ? 'Nothing' : results.length} found`;
  list.replaceChildren(
    ...results.slice(0, MOST_FOUND).map(({ url, page, title }) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = root + url;
      link.textContent = title === page ? title : `${page}: ${title}`;
      item.append(link);
      return item;
    }),
  );
  found.hidden = field.value.trim() === '';
}

field.addEventListener('input', () => void show());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  list.querySelector('a')?.click();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') found.hidden = true;
  if (event.key === '/' && !/^(?:INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    field.focus();
  }
});
