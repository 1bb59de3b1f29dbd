// A program asks to act for the member. Its description is its maker's word: it is shown as text, beside what it could do.
import {ask, begin, byId, element, messageOf, say, whileBusy, words} from './page.js';

const token = new URLSearchParams(location.search).get('credentialToken') || '';
const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const durations = {P1D: 'one_day', P30D: 'thirty_days', unlimited: 'until_revoked'};

// The first that fits tells what a path is about.
const subjects = [[/^\/\*/, 'about_all'], [/^\/order\b/, 'about_order'], [/^\/me\/order/, 'about_my_orders'], [/^\/me\/bill/, 'about_bills'],
    [/^\/me\/payment/, 'about_payment'], [/^\/me\/api/, 'about_keys'], [/^\/me\*?$|^\/me\/\*/, 'about_account']];

let request = null;
let account = '';
let chosen = 'P1D';

// --- showing ---

function draw() {
    document.title = words('access_title');
    byId('request').hidden = !request;
    if (!request) return;
    byId('question').textContent = words('access_question', {program: request.description, account});
    byId('rules').replaceChildren(...byPath(request.access_rules).map(rule));
    byId('program-key').textContent = request.application_key;
    byId('addresses').textContent = request.allowed_ips.join(', ') || words('everywhere');
    byId('target-name').hidden = byId('target').hidden = !request.redirection;
    byId('target').textContent = request.redirection ? new URL(request.redirection).host : '';
    byId('durations').replaceChildren(...Object.keys(durations).map(duration));
}

// [path, its methods], in the order in which the program asks.
function byPath(rules) {
    const paths = new Map();
    for (const {method, path} of rules) paths.set(path, [...(paths.get(path) ?? []), method]);
    return [...paths];
}

function rule([path, granted]) {
    const subject = subjects.find(([pattern]) => pattern.test(path))?.[1];
    const all = methods.every(each => granted.includes(each));
    const acts = all ? words('acts_all') : methods.filter(each => granted.includes(each)).map(each => words('acts_' + each)).join(', ');
    const item = element('li', {}, element('strong', {textContent: words(subject ?? 'about_other')}), element('span', {textContent: acts}));
    if (granted.includes('POST') && costs(path)) item.append(element('span', {className: 'costs', textContent: words('may_cost')}));
    item.append(element('code', {textContent: path}));
    return item;
}

// Whether a POST there can buy or pay, however the path is put.
function costs(path) {
    return path.startsWith('/order') || ['/order/cart/1/checkout', '/me/order/1/pay', '/me/order/1/payWithRegisteredPaymentMean'].some(each => covers(path, each));
}

// As the server matches: after a mismatch only the last * takes more.
function covers(pattern, text) {
    let at = 0, p = 0, star = -1, taken = 0;
    while (at < text.length) {
        if (pattern[p] === '*') [star, taken] = [p++, at];
        else if (pattern[p] === text[at]) [p, at] = [p + 1, at + 1];
        else if (star >= 0) [p, at] = [star + 1, ++taken];
        else return false;
    }
    return /^\**$/.test(pattern.slice(p));
}

function duration(value) {
    const radio = element('input', {type: 'radio', name: 'duration', value, checked: value === chosen});
    radio.addEventListener('change', () => { chosen = value; });
    return element('li', {}, element('label', {}, radio, element('span', {className: 'name', textContent: words(durations[value])})));
}

// --- deciding ---

async function decide(path, body, message) {
    let decided;
    try {
        decided = await ask('POST', '/api-keys/requests/' + path, body);
    } catch (error) {
        if (error.status === 404) gone();
        else throw error;
        return;
    }
    history.replaceState(null, '', location.pathname); // the token is used up
    request = null;
    draw();
    say('done', {key: message}, {focus: true});
    if (decided.redirection) goOn(decided.redirection);
}

// A program's own address; the link is for who comes back, or whose browser does not go.
function goOn(address) {
    const url = new URL(address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
    byId('next').textContent = words('go_on', {host: url.host});
    byId('next').href = url.href;
    byId('next-line').hidden = false;
    location.assign(url.href);
}

function gone() {
    request = null;
    draw();
    say('fault', {key: 'no_request'}, {focus: true});
}

// --- the page ---

byId('decision').addEventListener('submit', event => {
    event.preventDefault();
    if (!byId('accept').disabled) whileBusy(byId('accept'), () => decide('accept', {token, duration: chosen}, 'allowed'));
});
byId('refuse').addEventListener('click', () => whileBusy(byId('refuse'), () => decide('refuse', {token}, 'refused_access')));

if (await begin(draw)) {
    try {
        account = (await ask('GET', '/account')).username;
        request = await ask('GET', '/api-keys/requests?' + new URLSearchParams({token}));
        draw();
    } catch (error) {
        if (error.status === 404 || error.status === 400) gone();
        else say('fault', messageOf(error), {focus: true});
    }
}
