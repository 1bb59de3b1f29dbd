// The member's cards, and the registration of one. Its number is typed into a frame of the gateway's: neither this script nor our
// server ever has it.
import {ask, begin, byId, cardName, currentLanguage, declineMessage, element, expiry, freshKey, messageOf, pause, say, takeQuery, whileBusy, words}
    from './page.js';
import {consent, version} from './consent.js';

const {invoice, setup: returned} = takeQuery();
let cards = [];
let registration = null; // {setup, stripe, elements}
let fresh = null;        // the card that was just registered
let listed = false;

// --- showing ---

function draw() {
    document.title = words('cards_title');
    const link = byId('pay-invoice');
    byId('invoice-link').hidden = !invoice || !cards.length;
    link.textContent = words('pay_invoice', {invoice});
    link.href = '/pages/paid?' + new URLSearchParams({invoice});
    byId('cards-section').hidden = !cards.length;
    byId('cards').replaceChildren(...cards.map(row));
    byId('another').hidden = !listed || !cards.length || Boolean(registration);
    byId('form-section').hidden = !registration;
    if (registration) byId('consent').textContent = consent[currentLanguage()].replace('{merchant}', registration.setup.merchant);
    if (registration?.elements && registration.locale !== currentLanguage()) {
        registration.locale = currentLanguage();
        registration.elements.update({locale: registration.locale});
    }
}

function row(card) {
    const name = cardName(card);
    const acts = element('div', {className: 'acts'});
    if (card.default) acts.append(element('span', {className: 'badge', textContent: words('is_default')}));
    else acts.append(act('make_default', words('make_default_of', {card: name}), button => makeDefault(card, button)));
    acts.append(act('remove', words('remove_of', {card: name}), button => remove(card, button)));
    const item = element('li', {id: 'card-' + card.id},
        element('div', {className: 'name'}, element('strong', {textContent: name}), element('span', {textContent: expiry(card)})), acts);
    return item;
}

function act(key, label, work) {
    const button = element('button', {type: 'button', className: 'quiet', textContent: words(key)});
    button.setAttribute('aria-label', label);
    button.addEventListener('click', () => work(button));
    return button;
}

async function list() {
    const methods = await ask('GET', '/payment-methods');
    cards = methods.items.filter(method => method.type === 'card' && method.status === 'active');
    if (fresh && !cards.some(card => card.id === fresh.id)) fresh = null;
    listed = true;
    draw();
}

// --- what can be done with a card ---

function makeDefault(card, button) {
    return whileBusy(button, async () => {
        await ask('PUT', `/payment-methods/${card.id}/default`, {});
        await list();
        say('done', {key: 'now_default', values: {card: cardName(card)}}, {focus: true});
    });
}

function asks(card) {
    const dialog = byId('removal');
    byId('removal-question').textContent = words('remove_question', {card: cardName(card)});
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'remove'), {once: true}));
}

async function remove(card, button) {
    if (!await asks(card)) return;
    await whileBusy(button, async () => {
        await ask('DELETE', `/payment-methods/${card.id}`);
        await list();
        say('done', {key: 'removed', values: {card: cardName(card)}}, {focus: true});
        if (!cards.length && !registration) await openForm();
    });
}

// --- registering one ---

let library = null;

// From the gateway's own host always, as it demands; the policy of this page allows no other.
function load(address) {
    library ??= new Promise((resolve, reject) => {
        const script = element('script', {src: address});
        script.addEventListener('load', () => resolve(window.Stripe));
        script.addEventListener('error', () => reject(new Error('script')));
        document.head.append(script);
    });
    library.catch(() => { library = null; });
    return library;
}

async function openForm() {
    const setup = await ask('POST', '/payment-methods/card/setup', {}, freshKey());
    registration = {setup, locale: currentLanguage()};
    byId('submit').disabled = true;
    byId('card-fields').textContent = words('loading_fields');
    draw();
    try {
        const Stripe = await load(setup.script_url);
        registration.stripe = Stripe(setup.publishable_key, {locale: registration.locale});
        const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe';
        registration.elements = registration.stripe.elements({clientSecret: setup.client_secret, locale: registration.locale, appearance: {theme}});
        const fields = registration.elements.create('payment', {terms: {card: 'never'}}); // the consent is in our own words
        byId('card-fields').replaceChildren();
        fields.on('ready', () => { byId('submit').disabled = false; });
        fields.on('loaderror', noFields);
        fields.mount('#card-fields');
    } catch {
        noFields();
    }
}

function noFields() {
    closeForm();
    byId('cards-section').hidden = byId('another').hidden = false; // to try again
    say('fault', {key: 'gateway_away'}, {focus: true});
}

function closeForm() {
    byId('card-fields').replaceChildren();
    registration = null;
    draw();
}

async function submit() {
    const {setup, stripe, elements} = registration;
    const {error: incomplete} = await elements.submit();
    if (incomplete) return; // the fields say what is missing, and have the focus
    await ask('PUT', `/payment-methods/card/setup/${setup.id}/consent`, {version, language: currentLanguage()});
    const back = new URL('/pages/card' + (invoice ? '?' + new URLSearchParams({invoice}) : ''), location.origin).href;
    const {error} = await stripe.confirmSetup({elements, confirmParams: {return_url: back}, redirect: 'if_required'});
    if (error && error.setup_intent?.status !== 'succeeded') await refused(error);
    else await finish(setup.id);
}

async function refused(error) {
    const known = declineMessage(error.decline_code || error.code);
    const isCard = error.type === 'card_error' || String(error.code).endsWith('authentication_failure');
    if (error.setup_intent?.status === 'canceled') { // tried too often: a new one
        closeForm();
        await openForm();
    }
    if (error.type === 'api_connection_error') say('fault', {key: 'gateway_away'}, {focus: true});
    else say('fault', isCard ? known : {text: error.message}, {focus: true});
}

// Our server asks the gateway what became of it. The gateway's event does the same work, should we never come so far.
async function finish(id) {
    let result;
    for (let round = 0; round < 5; ++round) {
        if (round) await pause(1500);
        result = await ask('POST', `/payment-methods/card/setup/${encodeURIComponent(id)}/finish`, {});
        if (result.status !== 'processing') break;
    }
    if (result.status === 'succeeded') {
        fresh = result.payment_method;
        closeForm();
        await list();
        if (fresh) say('done', {key: 'registered', values: {card: cardName(fresh)}}, {focus: true});
        else say('fault', {key: 'not_registered'}, {focus: true});
    } else if (result.status === 'requires_action' || result.status === 'processing') {
        say('done', {key: 'waits_for_bank'}, {focus: true});
    } else {
        say('fault', result.decline_code ? declineMessage(result.decline_code) : {key: 'not_registered'}, {focus: true});
    }
}

async function comeBack(id) {
    try {
        await finish(id);
    } catch (error) {
        say('fault', error.status === 404 ? {key: 'not_yours'} : messageOf(error), {focus: true});
    }
}

// --- the page ---

byId('another').addEventListener('click', () => whileBusy(byId('another'), async () => {
    say('done', null);
    await openForm();
    byId('new-card').tabIndex = -1;
    byId('new-card').focus();
}));

byId('card-form').addEventListener('submit', event => {
    event.preventDefault();
    if (byId('submit').disabled) return;
    say('done', null);
    whileBusy(byId('submit'), submit).then(() => { byId('submit').disabled = !registration; });
});

if (await begin(draw)) {
    try {
        await list();
        if (returned) await comeBack(returned);
        if (!cards.length && !registration) await openForm();
    } catch (error) {
        say('fault', messageOf(error), {focus: true});
    }
}
