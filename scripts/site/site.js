// Copying and searching; everything else of the site works without it.
'use strict';

async function copy(block, button) {
  // What is typed, without the prompt of the shell.
  const text = block.querySelector('code').textContent.replace(/^\$ /gm, '');
  await navigator.clipboard.writeText(text);
  button.textContent = 'Copied';
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

const MOST_FOUND = 12;
const root = document.documentElement.dataset.root;
const form = document.querySelector('form[role=search]');
const field = form.querySelector('input');
const found = form.querySelector('ol');
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
  const results = (await index).search(field.value).slice(0, MOST_FOUND);
  found.replaceChildren(
    ...results.map(({ url, page, title }) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = root + url;
      link.textContent = title === page ? title : `${page}: ${title}`;
      item.append(link);
      return item;
    }),
  );
  found.hidden = results.length === 0;
}

field.addEventListener('input', () => void show());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  found.querySelector('a')?.click();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') found.hidden = true;
  if (event.key === '/' && !/^(?:INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    field.focus();
  }
});
