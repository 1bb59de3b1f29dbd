// The card fields in their frame. The page around it sends commands and hears events; it never learns a card's data.
'use strict';

const texts = {
    en: {
        number: 'Card number', expiry: 'Expiration date', cvc: 'Security code', placeholder: 'MM / YY',
        incomplete_number: 'Your card number is incomplete.', invalid_number: 'Your card number is invalid.',
        incomplete_expiry: 'Your card’s expiration date is incomplete.',
        invalid_expiry_month: 'Your card’s expiration date is invalid.', incomplete_cvc: 'Your card’s security code is incomplete.',
        unreachable: 'The card gateway cannot be reached. Please try again.',
    },
    de: {
        number: 'Kartennummer', expiry: 'Ablaufdatum', cvc: 'Sicherheitscode', placeholder: 'MM / JJ',
        incomplete_number: 'Ihre Kartennummer ist unvollständig.', invalid_number: 'Ihre Kartennummer ist ungültig.',
        incomplete_expiry: 'Das Ablaufdatum Ihrer Karte ist unvollständig.',
        invalid_expiry_month: 'Das Ablaufdatum Ihrer Karte ist ungültig.', incomplete_cvc: 'Der Sicherheitscode Ihrer Karte ist unvollständig.',
        unreachable: 'Das Kartengateway ist nicht erreichbar. Bitte versuchen Sie es noch einmal.',
    },
    fr: {
        number: 'Numéro de carte', expiry: 'Date d’expiration', cvc: 'Code de sécurité', placeholder: 'MM / AA',
        incomplete_number: 'Le numéro de votre carte est incomplet.', invalid_number: 'Le numéro de votre carte n’est pas valide.',
        incomplete_expiry: 'La date d’expiration de votre carte est incomplète.',
        invalid_expiry_month: 'La date d’expiration de votre carte n’est pas valide.', incomplete_cvc: 'Le code de sécurité de votre carte est incomplet.',
        unreachable: 'La passerelle de paiement est injoignable. Veuillez réessayer.',
    },
    it: {
        number: 'Numero della carta', expiry: 'Data di scadenza', cvc: 'Codice di sicurezza', placeholder: 'MM / AA',
        incomplete_number: 'Il numero della carta è incompleto.', invalid_number: 'Il numero della carta non è valido.',
        incomplete_expiry: 'La data di scadenza della carta è incompleta.',
        invalid_expiry_month: 'La data di scadenza della carta non è valida.', incomplete_cvc: 'Il codice di sicurezza della carta è incompleto.',
        unreachable: 'Il gateway di pagamento non è raggiungibile. Riprova.',
    },
};

const shown = {}; // the fault of a field
let words = texts.en;
const field = Object.fromEntries(['number', 'expiry', 'cvc'].map(id => [id, document.getElementById(id)]));

// Nothing told here is about a card's data, so any page may hear it.
function tell(message) { parent.postMessage(message, '*'); }

// --- reading the fields ---

const digits = input => input.value.replace(/\D/g, '');
const isAmex = number => /^3[47]/.test(number);

function passesLuhn(number) {
    let sum = 0;
    [...number].reverse().forEach((digit, i) => {
        const doubled = i % 2 ? digit * 2 : +digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
    });
    return sum % 10 === 0;
}

function faultOfNumber() {
    const number = digits(field.number);
    if (number.length < (isAmex(number) ? 15 : 14)) return 'incomplete_number';
    if (passesLuhn(number)) return '';
    return isAmex(number) || number.length >= 16 ? 'invalid_number' : 'incomplete_number';
}

function expiry() {
    const [, month = '', year = ''] = /^\s*(\d{1,2})\s*\/?\s*(\d{2}|\d{4})?\s*$/.exec(field.expiry.value) || [];
    return {month: +month, year: year.length === 2 ? 2000 + +year : +year};
}

function faultOfExpiry() {
    const {month, year} = expiry();
    if (month > 12 || (month === 0 && digits(field.expiry).length > 1)) return 'invalid_expiry_month';
    if (!month || !year) return 'incomplete_expiry';
    return ''; // whether it is past, the gateway's own clock decides
}

function faultOfCvc() { return digits(field.cvc).length < (isAmex(digits(field.number)) ? 4 : 3) ? 'incomplete_cvc' : ''; }

const faults = {number: faultOfNumber, expiry: faultOfExpiry, cvc: faultOfCvc};

// --- showing ---

function show(name, code) {
    shown[name] = code;
    const place = document.getElementById(name + '-error');
    const message = code ? words[code] : '';
    if (place.textContent !== message) place.textContent = message;
    field[name].setAttribute('aria-invalid', code ? 'true' : 'false');
    tellSize();
}

function tellSize() { tell({event: 'resize', height: Math.ceil(document.body.getBoundingClientRect().height)}); }

function group(input, sizes, glue) {
    if (input.selectionStart !== input.value.length) return; // not while something in the middle is corrected
    let rest = digits(input);
    const parts = [];
    for (const size of sizes) {
        if (rest) parts.push(rest.slice(0, size));
        rest = rest.slice(size);
    }
    input.value = parts.join(glue);
}

field.number.addEventListener('input', () => group(field.number, isAmex(digits(field.number)) ? [4, 6, 5] : [4, 4, 4, 4, 3], ' '));
field.expiry.addEventListener('input', event => {
    if (event.inputType === 'deleteContentBackward' || /\/\s*\d{3,4}$/.test(field.expiry.value)) return;
    if (/^[2-9]$/.test(field.expiry.value)) field.expiry.value = '0' + field.expiry.value;
    group(field.expiry, [2, 2], ' / ');
});
for (const name of Object.keys(field)) {
    field[name].addEventListener('blur', () => { if (field[name].value) show(name, faults[name]()); });
    field[name].addEventListener('input', () => {
        if (!faults[name]()) show(name, '');
        const complete = Object.values(faults).every(fault => !fault());
        tell({event: 'change', complete, empty: Object.values(field).every(input => !input.value), error: undefined});
    });
    field[name].addEventListener('focus', () => tell({event: 'focus'}));
    field[name].addEventListener('blur', () => tell({event: 'blur'}));
}
document.getElementById('card').addEventListener('submit', event => event.preventDefault());

// --- commands ---

// Shows every fault; the first one is told, and focused.
function validate() {
    let first = null;
    for (const name of Object.keys(field)) {
        const code = faults[name]();
        show(name, code);
        if (code && !first) first = {name, code};
    }
    if (!first) return null;
    field[first.name].focus();
    return {type: 'validation_error', code: first.code, message: words[first.code]};
}

function flatten(value, name, into) {
    if (value === undefined || value === null) return into;
    if (typeof value !== 'object') into.append(name, String(value));
    else for (const key of Object.keys(value)) flatten(value[key], name ? `${name}[${key}]` : key, into);
    return into;
}

// Only where cards belong: to confirm an intent, or to become a payment method.
async function send({path, fields}) {
    const confirms = /^\/v1\/(setup|payment)_intents\/\w+\/confirm$/.test(path);
    if (!confirms && path !== '/v1/payment_methods') return {error: {type: 'invalid_request_error', message: 'No card is sent there.'}};
    const form = flatten(fields, '', new URLSearchParams());
    const prefix = confirms ? 'payment_method_data[card]' : 'card';
    if (confirms && !form.has('payment_method_data[type]')) form.append('payment_method_data[type]', 'card');
    const {month, year} = expiry();
    form.append(prefix + '[number]', digits(field.number));
    form.append(prefix + '[exp_month]', month);
    form.append(prefix + '[exp_year]', year);
    form.append(prefix + '[cvc]', digits(field.cvc));
    try {
        return await (await fetch(path, {method: 'POST', body: form})).json();
    } catch (failure) {
        return {error: {type: 'api_connection_error', message: words.unreachable}};
    }
}

function speak({locale: wished}) {
    const language = (wished && wished !== 'auto' ? wished : navigator.language).slice(0, 2);
    words = texts[language] || texts.en;
    document.documentElement.lang = texts[language] ? language : 'en';
    for (const label of document.querySelectorAll('[data-label]')) label.textContent = words[label.dataset.label];
    field.expiry.placeholder = words.placeholder;
    for (const name of Object.keys(field)) show(name, shown[name] || '');
}

const commands = {
    validate,
    send,
    locale: speak,
    focus: () => field.number.focus(),
    clear: () => document.getElementById('card').reset(),
};

window.addEventListener('message', async event => {
    const {call, command} = event.data || {};
    if (event.source !== parent || !commands[command]) return;
    tell({answer: call, value: await commands[command](event.data)});
});

speak({locale: new URLSearchParams(location.search).get('locale')});
tellSize();
tell({event: 'ready'});
