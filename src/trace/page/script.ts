/**
 * What the page does besides being read: it filters by words, goes from step to step by keys and opens what a link points
 * at. It makes no markup and asks for nothing. Without it the page only lacks this.
 */
export const SCRIPT = String.raw`'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const words = byId('words');
  const found = byId('found');
  const steps = [...document.querySelectorAll('.step')];
  const turns = [...document.querySelectorAll('section.turn')];
  for (const part of document.querySelectorAll('[data-needs-script]')) part.hidden = false;

  const texts = new Map();
  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (element) => wanted.every((word) => textOf(element).includes(word));
    let count = 0;
    for (const turn of turns) {
      const own = [...turn.querySelectorAll('.step')];
      for (const step of own) {
        step.hidden = !matches(step);
        if (!step.hidden) count += 1;
      }
      turn.hidden = wanted.length > 0 && own.every((step) => step.hidden);
    }
    found.textContent = wanted.length === 0 ? '' : count + ' of ' + steps.length + ' steps';
  };
  let waiting;
  words.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 80);
  });

  const setAll = (open) => {
    for (const step of steps) if (step.checkVisibility()) step.firstElementChild.open = open;
  };
  byId('open-all').addEventListener('click', () => setAll(true));
  byId('close-all').addEventListener('click', () => setAll(false));

  const go = (way) => {
    const shown = steps.filter((step) => step.checkVisibility());
    const here = document.activeElement.closest('.step');
    const at = shown.indexOf(here);
    const next = shown[at < 0 ? (way > 0 ? 0 : shown.length - 1) : at + way];
    if (next) next.querySelector('summary').focus();
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === words;
    if (event.key === 'Escape' && isTyping) {
      words.value = '';
      filter();
      words.blur();
    } else if (isTyping) return;
    else if (event.key === '/') {
      event.preventDefault();
      words.focus();
    } else if (event.key === 'j') go(1);
    else if (event.key === 'k') go(-1);
  });

  const openTarget = () => {
    const step = byId(location.hash.slice(1))?.closest('.step');
    if (!step) return;
    step.hidden = false;
    step.closest('section.turn').hidden = false;
    step.firstElementChild.open = true;
    step.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', openTarget);
  openTarget();
})();
`;
