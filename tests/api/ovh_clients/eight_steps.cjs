// The eight steps of an order of a dedicated server by one of OVH's own clients, as its users write them. Arguments: the package,
// the TLS port; the environment has the keys. Prints one JSON line: what each step answered.
const [, , packageName, port] = process.argv;
const { APPLICATION_KEY, APPLICATION_SECRET, CONSUMER_KEY } = process.env;
const client = require(packageName)({
  appKey: APPLICATION_KEY, appSecret: APPLICATION_SECRET, consumerKey: CONSUMER_KEY,
  host: '127.0.0.1', port: Number(port), basePath: '/1.0',
});
const call = (method, path, parameters = {}) => client.requestPromised(method, path, parameters);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What a step refused, as the client tells it; anything else is a fault of this test. */
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    if (error && error.error) return { status: error.error, message: error.message };
    throw error;
  }
  throw new Error('was not refused');
}

async function order() {
  const cart = await call('POST', '/order/cart', { ovhSubsidiary: 'CH', description: 'Büro ☃ ' + packageName });
  const catalog = await call('GET', '/order/catalog/formatted/dedicated', { ovhSubsidiary: 'CH' });
  const offers = await call('GET', '/order/cart/{cartId}/dedicated', { cartId: cart.cartId });
  const offer = offers.find((some) => some.planCode === process.env.PLAN);
  const price = offer.prices.find((some) => some.capacities.includes('renew') && some.pricingMode === 'default');
  const item = await call('POST', `/order/cart/${cart.cartId}/dedicated`,
    { duration: price.duration, planCode: offer.planCode, pricingMode: price.pricingMode, quantity: 1 });

  const options = await call('GET', `/order/cart/${cart.cartId}/dedicated/options`, { planCode: offer.planCode });
  const families = new Map(options.filter((some) => some.mandatory).map((some) => [some.family, some]));
  for (const option of families.values())
    await call('POST', `/order/cart/${cart.cartId}/dedicated/options`, { itemId: item.itemId, duration: option.prices[0].duration,
      planCode: option.planCode, pricingMode: option.prices[0].pricingMode, quantity: 1 });

  const items = await call('GET', `/order/cart/${cart.cartId}/item`);
  const wanted = await call('GET', `/order/cart/${cart.cartId}/item/${item.itemId}/requiredConfiguration`);
  await call('POST', `/order/cart/${cart.cartId}/assign`);
  const incomplete = wanted.some((some) => some.required) ? await refusal(call('GET', `/order/cart/${cart.cartId}/checkout`)) : null;
  for (const { label, allowedValues } of wanted)
    await call('POST', `/order/cart/${cart.cartId}/item/${item.itemId}/configuration`, { label, value: allowedValues[0] });

  const summary = await call('GET', `/order/cart/${cart.cartId}/summary`);
  const dryRun = await call('GET', `/order/cart/${cart.cartId}/checkout`);
  const checkout = () => call('POST', `/order/cart/${cart.cartId}/checkout`,
    { waiveRetractationPeriod: true, autoPayWithPreferredPaymentMethod: true });
  const bought = await checkout();
  const again = await checkout();
  const frozen = await refusal(call('DELETE', `/order/cart/${cart.cartId}/item/${item.itemId}`));

  let status;
  for (let tries = 0; tries < 300; ++tries) {
    status = await call('GET', `/me/order/${bought.orderId}/status`);
    if (status === 'delivered' || status === 'cancelled') break;
    await pause(200);
  }
  const bill = await call('GET', `/me/order/${bought.orderId}/associatedObject`);
  const paid = await call('GET', `/me/bill/${bill.id}`);
  return {
    products: catalog.products.length, items: items.length, incomplete, frozen, status,
    orderIds: [summary.orderId, dryRun.orderId, bought.orderId, again.orderId],
    totals: [dryRun, bought, again].map((some) => some.prices.withTax.priceInUcents).concat(paid.priceWithTax.priceInUcents),
    readOnly: (await call('GET', `/order/cart/${cart.cartId}`)).readOnly,
    foreign: await refusal(call('GET', '/order/cart/00000000-0000-4000-8000-000000000000')),
    me: (await call('GET', '/me')).nichandle,
  };
}

order().then((told) => console.log(JSON.stringify(told)), (error) => {
  console.log(JSON.stringify({ failed: error && error.message ? `${error.error || ''} ${error.message}` : String(error) }));
  process.exitCode = 1;
});
