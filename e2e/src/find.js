// Finds visible elements by the role and name that assistive technology would announce.
const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();

const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) {
    return squeeze(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(' '));
  }
  const label = element.getAttribute('aria-label');
  if (label) return squeeze(label);
  if (element.labels && element.labels.length) return squeeze(element.labels[0].textContent);
  const legend = element.matches('fieldset') && element.querySelector('legend');
  if (legend) return squeeze(legend.textContent);
  // A summary line also says what is set; its name is its title.
  const title = element.matches('summary') && element.querySelector('.nowrap');
  return squeeze((title || element).textContent) || squeeze(element.title);
};

const selectors = {
  button: 'button, [role=button], summary',
  textbox: 'input:not([type]), input[type=text], input[type=password], input[type=search], textarea, [role=textbox]',
  radio: 'input[type=radio], [role=radio]',
  checkbox: 'input[type=checkbox], [role=checkbox], [role=switch]',
  group: 'fieldset, [role=group], [role=radiogroup]',
  list: 'ul, ol, [role=list]',
  log: '[role=log]',
  dialog: 'dialog[open], [role=dialog]',
  region: 'section, aside, [role=region], [role=complementary]',
  heading: 'h1, h2, h3',
  link: 'a[href]',
  alert: '[role=alert], [role=status]',
};

const isVisible = (element) => {
  // Radio buttons and check boxes are often drawn by their label.
  const shown = element.labels && element.labels.length ? [element, element.labels[0]] : [element];
  return shown.some((one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden')
    && !element.closest('[inert], [aria-hidden=true]');
};

const all = (role, name, within) =>
  [...(within || document).querySelectorAll(selectors[role])]
    .filter((element) => (name === null || nameOf(element) === name) && isVisible(element));

const one = (role, name, within) => all(role, name, within)[0] || null;

// The words a person can read inside an element, one line per block.
const wordsOf = (element) => element ? element.innerText : null;
