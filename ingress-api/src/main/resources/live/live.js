// What the page does: shows the stream of /api/live, and sends what a person asks for through the public API. It has no
// build and no dependency. Texts go in as text, never as markup; the page's policy would not let anything else run.

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const rate = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
// Sweden writes 2026-11-20 09:00:00.
const clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function text(node, value) {
  const shown = String(value);
  if (node.textContent !== shown) node.textContent = shown;
}

function verdict(node, state, sentence) {
  node.dataset.state = state;
  text(node, sentence);
}

// One sentence at a time, because a screen reader reads each one to its end.
function announce(sentence) {
  text($('announcer'), sentence);
}

// --- Stock -----------------------------------------------------------------------------------------------------------

const products = new Map(); // id -> { product, seen: number of the connection that told it, card }
const changed = new Set();
let connection = 0;
let painting = false;

function show(product) {
  const known = products.get(product.id);
  // Of a new connection the first word counts, whatever it is; after that only what is newer.
  if (known && known.seen === connection && product.revision < known.product.revision) return;
  const wasOpen = known && statusOf(known.product) === 'open';
  const entry = known ?? { card: makeCard(product.id) };
  entry.product = product;
  entry.seen = connection;
  products.set(product.id, entry);
  if (wasOpen && statusOf(product) === 'sold_out') announce(`${product.name} is sold out.`);
  changed.add(product.id);
  paintSoon();
}

// A stock that changes hundreds of times a second is painted once a frame.
function paintSoon() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    for (const id of changed) if (products.has(id)) paint(products.get(id));
    changed.clear();
    arrange();
  });
}

function makeCard(id) {
  const parts = ['available', 'reserved', 'sold'];
  const card = element('li', { class: 'product card', 'data-product': id });
  const amounts = parts.map((part) => element('span', {}, element('b', { 'data-amount': part }), ` ${part}`));
  card.append(
    element('div', { class: 'head' }, element('h3'), element('span', { class: 'status' })),
    element('p', { class: 'id' }),
    element('div', { class: 'stack', role: 'meter', 'aria-valuemin': '0' }, ...parts.map((part) => element('span', { class: part }))),
    element('p', { class: 'amounts', 'aria-hidden': 'true' }, ...amounts),
  );
  return card;
}

function paint({ product, card }) {
  const amounts = { available: product.available_stock, reserved: product.reserved_stock, sold: product.sold_stock };
  const status = statusOf(product);
  text(card.querySelector('h3'), product.name);
  text(card.querySelector('.id'), `${product.id} · ${money(product)}`);
  const badge = card.querySelector('.status');
  badge.dataset.status = status;
  text(badge, statusText(product, status));
  const meter = card.querySelector('.stack');
  meter.setAttribute('aria-label', `Stock of ${product.name}`);
  meter.setAttribute('aria-valuemax', product.total_stock);
  meter.setAttribute('aria-valuenow', amounts.available);
  meter.setAttribute('aria-valuetext', `${number.format(amounts.available)} of ${number.format(product.total_stock)} available, `
    + `${number.format(amounts.reserved)} reserved, ${number.format(amounts.sold)} sold`);
  for (const [part, amount] of Object.entries(amounts)) {
    const bar = meter.querySelector(`.${part}`);
    bar.style.flexGrow = amount;
    bar.dataset.empty = amount === 0;
    text(card.querySelector(`[data-amount=${part}]`), number.format(amount));
  }
}

function money({ price, currency }) {
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 4 }).format(price);
}

// The cards by id. One that stands where it belongs is not moved, or the focus would be lost.
function arrange() {
  const list = $('stock');
  const ids = [...products.keys()].sort();
  ids.forEach((id, index) => {
    const { card } = products.get(id);
    if (list.children[index] !== card) list.insertBefore(card, list.children[index] ?? null);
  });
  while (list.children.length > ids.length) list.lastElementChild.remove();
  $('no-stock').hidden = ids.length > 0 || connection === 0;
  const choice = $('race-product');
  const choices = ids.map((id) => element('option', { value: id }, `${products.get(id).product.name} (${id})`));
  // An open list would be closed by new options.
  if (choices.map((option) => option.text).join('\n') !== [...choice.options].map((option) => option.text).join('\n')) {
    const chosen = choice.value;
    choice.replaceChildren(...choices);
    if (ids.includes(chosen)) choice.value = chosen;
  }
}

// The time passes without a change of the product, so the page's clock says whether a sale has begun.
function statusOf(product, now = Date.now()) {
  if (product.sale_starts_at && now < Date.parse(product.sale_starts_at)) return 'scheduled';
  if (product.sale_ends_at && now >= Date.parse(product.sale_ends_at)) return 'ended';
  return product.available_stock === 0 ? 'sold_out' : 'open';
}

function statusText(product, status) {
  if (status === 'scheduled') return `starts in ${duration(Date.parse(product.sale_starts_at) - Date.now())}`;
  return status === 'sold_out' ? 'sold out' : status;
}

function duration(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const rest = (part) => String(part).padStart(2, '0');
  if (seconds >= 86400) return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
  return seconds >= 3600
    ? `${Math.floor(seconds / 3600)}:${rest(Math.floor((seconds % 3600) / 60))}:${rest(seconds % 60)}`
    : `${Math.floor(seconds / 60)}:${rest(seconds % 60)}`;
}

// --- Rates -----------------------------------------------------------------------------------------------------------

const SECONDS = 60;
const history = { holds: [], refused: [], sold: [], p50: [] };

function showRates(rates) {
  const refused = Object.values(rates.refused).reduce((sum, each) => sum + each, 0);
  text($('holds'), rate.format(rates.holds));
  text($('refused'), rate.format(refused));
  text($('sold'), rate.format(rates.sold));
  text($('orders'), rate.format(rates.orders));
  text($('expired'), rate.format(rates.expired));
  text($('p50'), rates.decision_p50_ms === undefined ? '–' : rate.format(rates.decision_p50_ms));
  text($('p99'), rates.decision_p99_ms === undefined ? '–' : rate.format(rates.decision_p99_ms));
  text($('reasons'), Object.entries(rates.refused).map(([reason, each]) => `${rate.format(each)} ${reason.replaceAll('-', ' ')}`).join('\n'));
  draw('holds', rates.holds);
  draw('refused', refused);
  draw('sold', rates.sold);
  draw('p50', rates.decision_p50_ms ?? 0);
}

function draw(name, value) {
  const values = history[name];
  values.push(value);
  if (values.length > SECONDS) values.shift();
  const most = Math.max(1, ...values);
  const left = SECONDS - values.length;
  $(`${name}-line`).setAttribute('points', values.map((each, index) => `${left + index + 0.5},${19 - (each / most) * 18}`).join(' '));
}

// --- The stream ------------------------------------------------------------------------------------------------------

const RETRY_MS = 3000;
const SILENCE_MS = 6000; // rates come every second
let heardAt = 0;
let source;

function connect() {
  source = new EventSource('api/live');
  source.addEventListener('open', () => {
    connection++;
    heard();
    const mine = connection;
    // What the other side no longer knows is not shown any more.
    setTimeout(() => {
      if (mine !== connection) return;
      for (const [id, entry] of products) if (entry.seen !== mine) products.delete(id);
      paintSoon();
    }, RETRY_MS);
  });
  source.addEventListener('stock', (event) => {
    heard();
    show(JSON.parse(event.data));
  });
  source.addEventListener('rates', (event) => {
    heard();
    showRates(JSON.parse(event.data));
  });
  source.addEventListener('error', () => {
    away();
    // The browser tries again by itself, unless it was refused.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS * (0.5 + Math.random()));
  });
}

function heard() {
  heardAt = Date.now();
  state('live', 'Live');
}

function away() {
  state('away', 'Reconnecting');
}

function state(name, words) {
  const pill = $('connection');
  if (pill.dataset.state === name) return;
  pill.dataset.state = name;
  text(pill, words);
  announce(name === 'live' ? 'Live.' : 'The connection is away. Reconnecting.');
}

setInterval(() => {
  if (connection > 0 && Date.now() - heardAt > SILENCE_MS) away();
  for (const [id, { product }] of products) if (product.sale_starts_at || product.sale_ends_at) changed.add(id);
  if (changed.size > 0) paintSoon();
}, 1000);

// --- Calls -----------------------------------------------------------------------------------------------------------

let adminKey = '';

async function call(method, path, body, headers = {}, signal = undefined) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  const answer = await response.json().catch(() => ({}));
  return { status: response.status, answer, retryAfter: Number(response.headers.get('Retry-After') ?? 1) };
}

function sentenceOf({ status, answer }) {
  if (answer.errors) return answer.errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return answer.detail ?? `Answered ${status}.`;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// --- A product -------------------------------------------------------------------------------------------------------

$('define').addEventListener('submit', async (event) => {
  event.preventDefault();
  const result = $('define-result');
  const id = $('define-id').value.trim();
  if (adminKey === '') {
    verdict(result, 'bad', 'Enter the admin key first, under Pipeline.');
    $('key').focus();
    return;
  }
  try {
    const defined = await call('PUT', `api/products/${encodeURIComponent(id)}`, {
      name: $('define-name').value,
      price: $('define-price').value,
      total_stock: $('define-stock').value,
      hold_ttl_seconds: $('define-ttl').value,
    }, { 'X-Api-Key': adminKey });
    if (defined.status > 202) {
      verdict(result, 'bad', sentenceOf(defined));
      return;
    }
    const words = { 200: 'was there and is as stated now', 201: 'is on sale', 202: 'will be on sale in a moment' };
    verdict(result, 'good', `${id} ${words[defined.status]}.`);
    if (defined.answer.id) {
      show(defined.answer);
      requestAnimationFrame(() => { $('race-product').value = id; });
    }
  } catch {
    verdict(result, 'bad', 'There was no answer. Try again.');
  }
});

// --- A race ----------------------------------------------------------------------------------------------------------

// A browser opens six connections to a server; one of them is the stream's.
const LANES = 5;
const TRIES = 6;
let race;

$('race').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (race) return;
  race = {
    id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    product: $('race-product').value,
    buyers: $('race-buyers').valueAsNumber,
    quantity: $('race-quantity').valueAsNumber,
    next: 0,
    accepted: 0,
    refused: 0,
    lost: 0,
    stop: new AbortController(),
  };
  $('race-start').disabled = true;
  $('race-stop').disabled = false;
  verdict($('race-verdict'), 'none', 'Running.');
  announce(`${race.buyers} buyers run for ${race.product}.`);
  paintRace();
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    await judge();
  } catch {
    verdict($('race-verdict'), 'bad', 'The product could not be read after the race.');
  } finally {
    race = undefined;
    $('race-start').disabled = false;
    $('race-stop').disabled = true;
  }
});

$('race-stop').addEventListener('click', () => race?.stop.abort());

async function lane() {
  while (race.next < race.buyers && !race.stop.signal.aborted) {
    const outcome = await buy(race.next++);
    race[outcome]++;
    paintRace();
  }
}

// Without an answer the same is asked again with the same key: it is one hold, however often it is asked for.
async function buy(buyer) {
  const body = { product_id: race.product, quantity: race.quantity, customer_id: `race-${race.id}-${buyer}` };
  for (let attempt = 1; attempt <= TRIES && !race.stop.signal.aborted; attempt++) {
    try {
      const { status, retryAfter } = await call('POST', 'api/holds', body, { 'Idempotency-Key': `${race.id}-${buyer}` });
      if (status === 201) return 'accepted';
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'refused';
      await pause(Math.min(5, retryAfter || 1) * 1000);
    } catch {
      await pause(1000);
    }
  }
  return 'lost';
}

function paintRace() {
  const answered = race.accepted + race.refused + race.lost;
  $('race-progress').max = race.buyers;
  $('race-progress').value = answered;
  text($('race-accepted'), number.format(race.accepted));
  text($('race-refused'), number.format(race.refused));
  text($('race-lost'), number.format(race.lost));
}

async function judge() {
  const { status, answer: product } = await call('GET', `api/products/${encodeURIComponent(race.product)}`);
  if (status !== 200) throw new Error(`answered ${status}`);
  show(product);
  const units = race.accepted * race.quantity;
  const sum = product.available_stock + product.reserved_stock + product.sold_stock;
  const kept = units <= product.total_stock && product.available_stock >= 0 && sum === product.total_stock;
  const sentence = `${number.format(units)} of ${number.format(product.total_stock)} units went to `
    + `${number.format(race.accepted)} of ${number.format(race.accepted + race.refused + race.lost)} buyers. `
    + `Now ${number.format(product.available_stock)} are available, ${number.format(product.reserved_stock)} reserved, `
    + `${number.format(product.sold_stock)} sold: ${kept ? 'never more than the stock.' : 'that is more than the stock!'}`;
  verdict($('race-verdict'), kept ? 'good' : 'bad', sentence);
  announce(sentence);
}

// --- The pipeline ----------------------------------------------------------------------------------------------------

const LOOK_MS = 2000;
let looking;

$('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  adminKey = $('key').value.trim();
  clearTimeout(looking);
  if (adminKey !== '') look();
});

async function look() {
  const used = adminKey;
  // What nobody sees need not be asked for.
  if (!document.hidden) {
    try {
      const { status, answer } = await call('GET', 'api/live/pipeline', undefined, { 'X-Api-Key': used });
      if (used !== adminKey) return;
      if (status === 401) {
        adminKey = '';
        $('pipeline').hidden = true;
        text($('pipeline-note'), 'This is not the admin key.');
        return;
      }
      if (status === 200) {
        paintPipeline(answer);
      } else {
        text($('pipeline-note'), `Not known now: ${sentenceOf({ status, answer })}`);
      }
    } catch {
      text($('pipeline-note'), 'Not known now: there was no answer.');
    }
  }
  looking = setTimeout(look, LOOK_MS);
}

function paintPipeline({ applications, dead_letters: letters }) {
  const all = applications.flatMap(({ partitions }) => partitions);
  const behind = all.reduce((sum, each) => sum + each.behind, 0);
  const orphans = all.filter(({ owner }) => !owner).length;
  const owners = new Set(all.map(({ owner }) => owner).filter(Boolean)).size;
  text($('pipeline-note'), `${orphans > 0 ? `Without an instance that decides: ${orphans} of ${all.length}. `
    : `Every partition has an instance that decides; there are ${owners}. `}Records behind: ${number.format(behind)}.`);
  $('pipeline').hidden = false;
  const head = [element('th', { scope: 'col' }, 'Partition')];
  for (const { name } of applications) {
    head.push(element('th', { scope: 'col' }, name), element('th', { scope: 'col', class: 'number' }, 'behind'));
  }
  $('pipeline-head').replaceChildren(element('tr', {}, ...head));
  $('pipeline-body').replaceChildren(...applications[0].partitions.map(({ partition }, row) => {
    const cells = [element('th', { scope: 'row' }, String(partition))];
    for (const { partitions } of applications) {
      const { owner, behind: lag } = partitions[row];
      cells.push(
        element('td', owner ? {} : { 'data-state': 'bad' }, owner ?? 'nobody'),
        element('td', lag > 0 ? { class: 'number', 'data-state': 'warn' } : { class: 'number' }, number.format(lag)),
      );
    }
    return element('tr', {}, ...cells);
  }));
  const rows = letters.map(({ time, reason, topic, partition, offset }) => element('tr', {},
    element('td', {}, element('time', { datetime: time }, clock.format(new Date(time)))),
    element('td', {}, reason),
    element('td', {}, `${topic}-${partition}@${offset}`)));
  $('letters').replaceChildren(...(rows.length > 0 ? rows : [element('tr', {}, element('td', { colspan: '3' }, 'None.'))]));
}

connect();
