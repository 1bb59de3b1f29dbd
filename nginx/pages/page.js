// What the pages share: the language, asking our server, telling the member.
import {declines, texts} from './texts.js';

const names = {de: 'Deutsch', fr: 'Français', it: 'Italiano', en: 'English'};
const brands = {visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express', maestro: 'Maestro', diners: 'Diners Club', discover: 'Discover',
    jcb: 'JCB', unionpay: 'UnionPay'};
let language = 'en';
let render = () => {};

export const byId = id => document.getElementById(id);
export const currentLanguage = () => language;

export function words(key, values = {}) {
    return texts[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export function element(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
}

// --- asking our server ---

export class Refusal extends Error {
    constructor(status, problem) {
        super(problem.code || 'no_answer');
        Object.assign(this, {status, code: problem.code || '', detail: problem.detail || '', request: problem.request_id || ''});
    }
}

async function askOnce(method, path, body, key) {
    const headers = {Accept: 'application/json'};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    let response;
    try {
        // From the origin: the page's own address may carry a name and a password, which fetch does not take.
        response = await fetch(new URL(path, location.origin), {method, headers, body: sent, cache: 'no-store', signal: AbortSignal.timeout(25000)});
    } catch {
        throw new Refusal(0, {});
    }
    const answer = response.status === 204 ? null : await response.json().catch(() => ({}));
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
}

// With a key the same may be asked again, when it is not known whether it arrived.
export async function ask(method, path, body, key) {
    try {
        return await askOnce(method, path, body, key);
    } catch (refusal) {
        if (!key || (refusal.status !== 0 && refusal.status !== 503)) throw refusal;
        await pause(1000);
        return askOnce(method, path, body, key);
    }
}

export function freshKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}

export const pause = milliseconds => new Promise(resolve => { setTimeout(resolve, milliseconds); });

// --- telling ---

// A message is {key, values} or {text}, so that it can be said again in another language.
const said = {};

export function say(place, message, {focus = false} = {}) {
    said[place] = message;
    byId(place).textContent = textOf(message);
    if (message && focus) byId(place).focus();
}

function textOf(message) {
    if (!message) return '';
    return message.text ?? words(message.key, message.values);
}

export function declineMessage(code) { return {key: declines[code] || 'decline_generic'}; }

export function messageOf(error) {
    if (!(error instanceof Refusal)) return {text: String(error.message || error)};
    if (error.status === 0) return {key: 'server_away'};
    if (error.code === 'card_gateway_unavailable') return {key: 'gateway_away'};
    if (error.status === 503 || error.status === 504) return {key: 'server_away'};
    if (error.code === 'payment_method_in_use') return {key: 'in_use'};
    if (error.code === 'not_a_member') return {key: 'not_a_member'};
    return {key: 'refused', values: {detail: error.detail || error.code, request: error.request}};
}

// While it works the button says so, and cannot be pressed again.
export async function whileBusy(button, work) {
    const before = document.activeElement;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    say('fault', null);
    try {
        return await work();
    } catch (error) {
        say('fault', messageOf(error), {focus: true});
        return null;
    } finally {
        button.disabled = false;
        button.removeAttribute('aria-busy');
        if (document.activeElement === document.body && before === button && button.isConnected) button.focus();
    }
}

// --- how the trade's nouns look ---

export function cardName(method) { return `${brands[method.brand] || method.brand} •••• ${method.last4}`; }

export function expiry(method) {
    return words('expires', {month: String(method.exp_month).padStart(2, '0'), year: String(method.exp_year)});
}

export function money({amount, currency}) {
    const digits = String(Math.abs(amount)).padStart(3, '0');
    const decimal = `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    return new Intl.NumberFormat(language + '-CH', {style: 'currency', currency}).format(decimal);
}

export function day(date) {
    return new Intl.DateTimeFormat(language + '-CH', {dateStyle: 'medium', timeZone: 'UTC'}).format(new Date(date + 'T00:00:00Z'));
}

// --- the language ---

function show() {
    document.documentElement.lang = language;
    for (const node of document.querySelectorAll('[data-text]')) node.textContent = words(node.dataset.text);
    for (const button of document.querySelectorAll('.languages button'))
        button.setAttribute('aria-pressed', String(button.dataset.language === language));
    byId('languages').setAttribute('aria-label', words('language'));
    for (const [place, message] of Object.entries(said)) byId(place).textContent = textOf(message);
    render();
}

function chosen() {
    try {
        return sessionStorage.getItem('language');
    } catch {
        return null; // storage may be forbidden
    }
}

function choose(wanted) {
    language = wanted;
    try {
        sessionStorage.setItem('language', wanted);
    } catch {
        // then it lasts as long as the page
    }
    show();
}

function addLanguages() {
    const list = element('ul', {className: 'languages'});
    for (const [code, name] of Object.entries(names)) {
        const button = element('button', {type: 'button', lang: code, title: name, textContent: code.toUpperCase()});
        button.setAttribute('aria-label', name);
        button.dataset.language = code;
        button.addEventListener('click', () => choose(code));
        list.append(element('li', {}, button));
    }
    byId('languages').append(list);
}

// Begins the page in the language chosen in this tab, or the account's. `redraw` shows again what depends on it.
export async function begin(redraw) {
    window.addEventListener('pageshow', event => { if (event.persisted) location.reload(); }); // back from the bank
    byId('place').textContent = location.host;
    addLanguages();
    language = chosen() || [...navigator.languages.map(each => each.slice(0, 2)), 'en'].find(each => texts[each]);
    let trouble = null;
    try {
        const account = await ask('GET', '/account');
        if (!chosen() && texts[account.language]) language = account.language;
    } catch (error) {
        trouble = error;
    }
    render = redraw;
    show();
    document.querySelector('main').hidden = false;
    if (trouble) say('fault', messageOf(trouble), {focus: true});
    return !trouble;
}

// What the gateway adds to an address when it leads back to us, and ours. It leaves the address bar: a secret is among it.
export function takeQuery() {
    const query = new URLSearchParams(location.search);
    const invoice = query.get('invoice');
    history.replaceState(null, '', location.pathname + (invoice ? '?' + new URLSearchParams({invoice}) : ''));
    return {invoice: invoice && /^[A-Za-z0-9-]{1,32}$/.test(invoice) ? invoice : null, setup: query.get('setup_intent'), payment: query.get('payment_intent')};
}
