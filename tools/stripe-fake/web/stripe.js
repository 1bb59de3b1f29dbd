// Stands in for Stripe.js on the pages of a sandbox: the same calls, answered by the test gateway this was loaded from.
// Card fields live in a frame of the gateway's own, so that no card data is ever in the merchant's page.
(function () {
'use strict';

const gateway = new URL(document.currentScript.src).origin;
const nouns = {seti: 'setup_intent', pi: 'payment_intent'};
let frames = 0;

// --- the API, as a page may use it ---

function flatten(value, name, into) {
    if (value === undefined || value === null) return into;
    if (typeof value !== 'object') into.append(name, String(value));
    else for (const key of Object.keys(value)) flatten(value[key], name ? `${name}[${key}]` : key, into);
    return into;
}

async function ask(path, fields, method) {
    const form = flatten(fields, '', new URLSearchParams());
    const url = gateway + path + (method === 'GET' ? '?' + form : '');
    try {
        const response = await fetch(url, method === 'GET' ? {} : {method: 'POST', body: form});
        return await response.json();
    } catch (failure) {
        return {error: {type: 'api_connection_error', message: 'The card gateway cannot be reached. Please try again.'}};
    }
}

const idOf = secret => String(secret).split('_secret_')[0];
const nounOf = secret => nouns[idOf(secret).split('_')[0]];
const pathOf = secret => `/v1/${nounOf(secret)}s/${idOf(secret)}`;
const memberOf = noun => (noun === 'setup_intent' ? 'setupIntent' : 'paymentIntent');

// Resolves never: the page is being left.
function leave(url) {
    window.location.assign(url);
    return new Promise(() => {});
}

function returnAddress(returnUrl, intent, noun) {
    const url = new URL(returnUrl, window.location.href);
    url.searchParams.append(noun, intent.id);
    url.searchParams.append(noun + '_client_secret', intent.client_secret);
    url.searchParams.append('redirect_status', 'succeeded');
    return url.href;
}

// --- a frame of the gateway's, and the conversation with it ---

class Frame {
    constructor(page, parameters) {
        this.name = 'stripe-frame-' + ++frames;
        this.waiting = new Map();
        this.calls = 0;
        this.listeners = {};
        this.element = document.createElement('iframe');
        this.element.src = `${gateway}/v3/${page}?` + new URLSearchParams({...parameters, frame: this.name});
        this.element.title = 'Secure card input frame';
        this.element.allow = 'payment *';
        Object.assign(this.element.style, {border: '0', width: '100%', height: '12rem', display: 'block', colorScheme: 'light dark'});
        this.hear = event => {
            if (event.origin === gateway && event.source === this.element.contentWindow) this.take(event.data);
        };
        window.addEventListener('message', this.hear);
        this.ready = new Promise(resolve => { this.listeners.ready = [resolve]; });
    }

    on(name, listener) { (this.listeners[name] = this.listeners[name] || []).push(listener); }

    take(message) {
        if (message.event === 'resize') this.element.style.height = message.height + 'px';
        if (message.event) for (const listener of this.listeners[message.event] || []) listener(message);
        if (message.answer && this.waiting.has(message.answer)) {
            this.waiting.get(message.answer)(message.value);
            this.waiting.delete(message.answer);
        }
    }

    async call(command, parameters) {
        await this.ready;
        const call = ++this.calls;
        const answer = new Promise(resolve => this.waiting.set(call, resolve));
        this.element.contentWindow.postMessage({call, command, ...parameters}, gateway);
        return answer;
    }

    remove() {
        window.removeEventListener('message', this.hear);
        this.element.remove();
    }
}

// The bank's dialog. Resolves when the cardholder has answered, or closed it.
function challenge(address) {
    if (!window.HTMLDialogElement) return leave(address);
    return new Promise(resolve => {
        const dialog = document.createElement('dialog');
        dialog.setAttribute('aria-label', '3-D Secure');
        Object.assign(dialog.style, {padding: '0', border: '0', borderRadius: '8px', width: 'min(30rem, 95vw)'});
        const frame = document.createElement('iframe');
        frame.src = address;
        frame.title = '3-D Secure';
        Object.assign(frame.style, {border: '0', width: '100%', height: '22rem', display: 'block'});
        const close = document.createElement('button');
        close.type = 'button';
        close.textContent = '×';
        close.setAttribute('aria-label', 'Cancel');
        Object.assign(close.style, {position: 'absolute', top: '.5rem', right: '.5rem', font: 'inherit', cursor: 'pointer'});
        const hear = event => {
            if (event.origin === gateway && event.source === frame.contentWindow && event.data.event === 'challenge_answered') dialog.close();
        };
        window.addEventListener('message', hear);
        close.addEventListener('click', () => dialog.close());
        dialog.addEventListener('close', () => {
            window.removeEventListener('message', hear);
            dialog.remove();
            resolve();
        });
        dialog.append(close, frame); // in this order: Escape is heard where the focus begins
        document.body.append(dialog);
        dialog.showModal();
    });
}

// --- elements ---

class Element {
    constructor(type, options) {
        this.type = type;
        this.frame = new Frame('card.html', {locale: options.locale, type});
    }

    mount(place) {
        const node = typeof place === 'string' ? document.querySelector(place) : place;
        if (!node) throw new Error(`The selector you specified (${place}) applies to no DOM elements that are currently on the page.`);
        node.replaceChildren(this.frame.element);
    }

    on(name, listener) { this.frame.on(name, message => listener({elementType: this.type, ...message})); return this; }
    focus() { this.frame.call('focus'); }
    clear() { this.frame.call('clear'); }
    update(options) { if (options && options.locale) this.frame.call('locale', {locale: options.locale}); }
    unmount() { this.frame.element.remove(); }
    destroy() { this.frame.remove(); }
}

class Elements {
    constructor(gateway, options) {
        this.gateway = gateway;
        this.options = options;
        this.made = {};
    }

    create(type) {
        if (type !== 'payment' && type !== 'card') throw new Error(`The test gateway has no element of type ${type}.`);
        if (this.made[type]) throw new Error(`Can only create one Element of type ${type}.`);
        const element = new Element(type, this.options);
        if (type === 'payment' && this.options.clientSecret) this.check(element);
        return (this.made[type] = element);
    }

    // An intent that is not there, or that is over, has no fields.
    async check(element) {
        const intent = await this.gateway.retrieve(this.options.clientSecret);
        const over = ['succeeded', 'canceled', 'processing'].includes(intent.status);
        if (intent.error || over) element.frame.take({event: 'loaderror', error: intent.error || {type: 'invalid_request_error', code: intent.object + '_unexpected_state'}});
    }

    getElement(type) { return this.made[type] || null; }
    update(options) {
        Object.assign(this.options, options);
        for (const element of Object.values(this.made)) element.update(options);
    }
    fetchUpdates() { return Promise.resolve({}); }

    async submit() {
        const error = await this.only().frame.call('validate');
        return error ? {error} : {};
    }

    only() {
        const element = this.made.payment || this.made.card;
        if (!element) throw new Error('Create and mount an element first.');
        return element;
    }
}

// --- what Stripe(key) is ---

class Gateway {
    constructor(key, options) {
        if (!/^pk_test_./.test(key || '')) throw new Error('Please call Stripe() with your publishable key. You used an empty string or another key.');
        this.key = key;
        this.locale = (options && options.locale) || 'auto';
    }

    elements(options) { return new Elements(this, {locale: this.locale, ...options}); }

    retrieve(secret) { return ask(pathOf(secret), {key: this.key, client_secret: secret}, 'GET'); }

    async told(secret, body) {
        return body.error ? {error: body.error} : {[memberOf(nounOf(secret))]: body};
    }

    async retrieveSetupIntent(secret) { return this.told(secret, await this.retrieve(secret)); }
    async retrievePaymentIntent(secret) { return this.told(secret, await this.retrieve(secret)); }

    // Confirms with the card of a frame, or with the payment method in `fields`.
    async confirm(secret, element, fields, {returnUrl, redirect}) {
        const all = {key: this.key, client_secret: secret, use_stripe_sdk: true, return_url: returnUrl, ...fields};
        const path = pathOf(secret) + '/confirm';
        const body = element ? await element.frame.call('send', {path, fields: all}) : await ask(path, all);
        if (body.error) return {error: body.error};
        return this.follow(secret, body, {returnUrl, redirect});
    }

    async follow(secret, intent, {returnUrl, redirect}) {
        const noun = nounOf(secret);
        const action = intent.status === 'requires_action' ? intent.next_action : null;
        if (action && action.type === 'redirect_to_url') return leave(action.redirect_to_url.url);
        if (action) {
            await challenge(action.use_stripe_sdk.stripe_js);
            intent = await this.retrieve(secret);
            if (intent.error) return {error: intent.error};
            if (intent.status === 'requires_action' || intent.status === 'requires_payment_method')
                return {error: this.refusal(noun, intent)};
        }
        if (returnUrl && redirect !== 'if_required') return leave(returnAddress(returnUrl, intent, noun));
        return {[memberOf(noun)]: intent};
    }

    refusal(noun, intent) {
        return {
            type: 'invalid_request_error',
            code: noun + '_authentication_failure',
            message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
            ...(intent.status === 'requires_payment_method' && (intent.last_setup_error || intent.last_payment_error)),
            [noun]: intent,
        };
    }

    async confirmElements({elements, clientSecret, confirmParams, redirect}) {
        const secret = clientSecret || elements.options.clientSecret;
        const {return_url: returnUrl, ...fields} = confirmParams || {};
        if (!returnUrl && redirect !== 'if_required') throw new Error('confirmParams.return_url is required unless redirect is if_required.');
        const {error} = await elements.submit();
        if (error) return {error};
        return this.confirm(secret, elements.only(), fields, {returnUrl, redirect});
    }

    confirmSetup(options) { return this.confirmElements(options); }
    confirmPayment(options) { return this.confirmElements(options); }

    // {payment_method: 'pm_…' | {card: element, billing_details}}, as for the older calls.
    async confirmCard(secret, data, options) {
        const {payment_method: method, return_url: returnUrl, ...fields} = data || {};
        const element = method && typeof method === 'object' ? method.card : null;
        if (element) {
            const error = await element.frame.call('validate');
            if (error) return {error};
            fields.payment_method_data = {type: 'card', billing_details: method.billing_details};
        } else if (method) {
            fields.payment_method = method;
        }
        if (options && options.handleActions === false) {
            const all = {key: this.key, client_secret: secret, use_stripe_sdk: true, return_url: returnUrl, ...fields};
            const path = pathOf(secret) + '/confirm';
            return this.told(secret, element ? await element.frame.call('send', {path, fields: all}) : await ask(path, all));
        }
        return this.confirm(secret, element, fields, {returnUrl, redirect: 'if_required'});
    }

    confirmCardSetup(secret, data, options) { return this.confirmCard(secret, data, options); }
    confirmCardPayment(secret, data, options) { return this.confirmCard(secret, data, options); }

    async handleNextAction({clientSecret}) {
        const intent = await this.retrieve(clientSecret);
        if (intent.error) return {error: intent.error};
        return this.follow(clientSecret, intent, {redirect: 'if_required'});
    }

    handleCardAction(secret) { return this.handleNextAction({clientSecret: secret}); }

    async createPaymentMethod({elements, type, card, params, billing_details: details}) {
        const element = elements ? elements.only() : card;
        const error = await element.frame.call('validate');
        if (error) return {error};
        const fields = {key: this.key, type: type || 'card', billing_details: details, ...params};
        const body = await element.frame.call('send', {path: '/v1/payment_methods', fields});
        return body.error ? {error: body.error} : {paymentMethod: body};
    }
}

window.Stripe = (key, options) => new Gateway(key, options);
window.Stripe.version = 3;
})();
