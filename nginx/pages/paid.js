// One invoice: how its payment stands, and paying it with a card while the member is there. What the bank's page adds to our address
// is nobody's word: our server asks the gateway.
import {ask, begin, byId, cardName, day, declineMessage, element, expiry, freshKey, money, pause, Refusal, say, takeQuery, whileBusy, words}
    from './page.js';

const {invoice: number, payment: returned} = takeQuery();
let invoice = null;
let payment = null;
let cards = [];
let chosen = null; // the id of a card

function standingMessage() {
    if (invoice.kind !== 'invoice') return {key: 'nothing_open'};
    switch (payment.status) {
    case 'succeeded': return {key: 'paid'};
    case 'processing': return {key: 'being_paid'};
    case 'requires_action': return {key: 'bank_asks'};
    default: return {key: 'is_open'};
    }
}

const canPay = () => invoice?.kind === 'invoice' && ['open', 'failed', 'requires_action'].includes(payment?.status);

// --- showing ---

function draw() {
    document.title = number ? words('invoice_title', {invoice: number}) : words('no_invoice');
    byId('title').textContent = document.title;
    byId('facts').hidden = byId('file-line').hidden = !invoice;
    byId('pay-form').hidden = !canPay() || !cards.length;
    byId('other-line').hidden = !canPay();
    if (!invoice) return;
    byId('date').textContent = day(invoice.date);
    byId('due').textContent = day(invoice.due_on);
    byId('total').textContent = money(invoice.total);
    byId('open').textContent = money(payment.open);
    byId('file').href = `/invoices/${number}.pdf`;
    byId('other-card').textContent = words(cards.length ? 'other_card' : 'first_card');
    byId('other-card').className = cards.length ? '' : 'button';
    byId('other-card').href = '/pages/card?' + new URLSearchParams({invoice: number});
    byId('choices').replaceChildren(...cards.map(choice));
    nameButton();
}

function choice(card) {
    const radio = element('input', {type: 'radio', name: 'card', value: card.id, checked: card.id === chosen});
    radio.addEventListener('change', () => {
        chosen = card.id;
        nameButton();
    });
    const first = element('span', {className: 'first'}, element('strong', {textContent: cardName(card)}));
    if (card.default) first.append(element('span', {className: 'badge', textContent: words('is_default')}));
    const name = element('span', {className: 'name'}, first, element('span', {textContent: expiry(card)}));
    return element('li', {}, element('label', {}, radio, name));
}

function nameButton() {
    const confirms = payment.status === 'requires_action' && payment.payment_method === chosen;
    byId('pay').textContent = words(confirms ? 'confirm_payment' : 'pay_now', {amount: money(payment.open)});
}

function tellStanding(focus) {
    byId('standing').className = 'notice' + (payment.status === 'succeeded' ? ' good' : '');
    say('standing', standingMessage(), {focus});
    const why = payment.decline_code;
    const isTold = payment.status === 'failed' || (payment.status === 'requires_action' && why === 'payment_intent_authentication_failure');
    if (isTold) say('fault', declineMessage(why), {focus});
}

// --- asking ---

async function look() {
    [invoice, payment] = await Promise.all([ask('GET', `/invoices/${number}`), ask('GET', `/invoices/${number}/payment`)]);
    const methods = await ask('GET', '/payment-methods');
    cards = methods.items.filter(method => method.type === 'card' && method.status === 'active');
    if (!cards.some(card => card.id === chosen)) {
        const tried = cards.find(card => card.id === payment.payment_method && payment.status === 'requires_action');
        chosen = (tried || cards.find(card => card.default) || cards[0])?.id ?? null;
    }
    draw();
}

// Half a minute; an event of the gateway's books it later, too.
async function waitWhile(undecided) {
    const end = Date.now() + 30000;
    while (undecided() && Date.now() < end) {
        await pause(1200);
        payment = await ask('GET', `/invoices/${number}/payment`);
    }
    await look();
}

async function settle() {
    await waitWhile(() => payment.status === 'processing');
    tellStanding(true);
    if (payment.status === 'processing') say('standing', {key: 'being_paid_still'}, {focus: true});
}

async function pay() {
    let answer;
    try {
        answer = await ask('POST', `/invoices/${number}/pay`, {payment_method: chosen}, freshKey());
    } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 402) throw error;
        await look();
        tellStanding(false);
        say('fault', declineMessage(payment.decline_code), {focus: true});
        return;
    }
    if (answer.redirect_url) {
        leave(answer.redirect_url);
        await pause(20000); // the button stays busy while the bank's page loads
    }
    payment.status = answer.status === 'succeeded' ? 'processing' : answer.status;
    tellStanding(true);
    await settle();
}

function leave(address) {
    const url = new URL(address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(url.protocol);
    location.assign(url.href);
}

byId('pay-form').addEventListener('submit', event => {
    event.preventDefault();
    if (!byId('pay').disabled) whileBusy(byId('pay'), pay);
});

if (await begin(draw)) {
    if (!number) say('fault', {key: 'no_number'}, {focus: true});
    else await whileBusy(byId('pay'), async () => {
        try {
            await look();
        } catch (error) {
            if (error.status !== 404) throw error;
            say('fault', {key: 'no_such_invoice', values: {invoice: number}}, {focus: true});
            return;
        }
        tellStanding(Boolean(returned));
        if (payment.status === 'processing') await settle();
    });
}
