#include "service/catalogue.h"

#include "domain/refusal.h"
#include "service/billing_terms.h"
#include "store/machine_store.h"
#include "store/member_store.h"
#include "store/order_store.h"
#include "store/vat_store.h"

namespace service {

using domain::Reason;
using domain::Refusal;

std::shared_ptr<const std::vector<store::Offer>> Catalogue::offers(domain::Currency currency)
{
    const auto today = clock_.today();
    const auto now = SteadyClock::now();
    {
        const std::lock_guard lock{mutex_};
        const auto& listing = listings_[static_cast<int>(currency)];
        if (listing.offers && listing.day == today && now - listing.read_at < std::chrono::seconds{1}) return listing.offers;
    }
    auto offers = std::make_shared<const std::vector<store::Offer>>(
        database_.read([&](store::Session& session) { return store::CatalogueStore{session}.offers_on(today, currency); }));
    const std::lock_guard lock{mutex_};
    listings_[static_cast<int>(currency)] = {offers, today, now};
    return offers;
}

namespace {

/// Prices as they are reckoned for the member.
struct MemberPrice {
    std::int64_t setup_minor{0}, recurring_minor{0};
};

/// What an order begun on the day is billed on that day. `free_while_held`: the member holds what makes it free.
std::vector<domain::InvoiceLine> first_lines(
    const Quote& quote, const domain::Item& item, const std::string& sku, domain::Date day, bool free_while_held, const MemberPrice& price)
{
    const auto currency = quote.charge.recurring.currency;
    domain::BillingAccount account;
    domain::Subscription order{.start = day, .trial_end = day};
    order.versions.push_back({.from = day,
        .item = &item,
        .anchor = day,
        .unit_minor = price.recurring_minor,
        .once_minor = price.setup_minor,
        .charges_once = true});
    account.add(order);
    domain::Item held{.tags = {item.free_while}};
    if (free_while_held) {
        order.versions.front().item = &held;
        account.add(order);
        account.passive = {false, true};
    }
    std::vector<domain::InvoiceLine> lines;
    for (const auto& line : domain::bill(account, day, 1)) {
        const bool is_setup = line.kind == domain::LineKind::setup;
        domain::InvoiceLine shown{.kind = line.kind,
            .sku = sku,
            .text = is_setup ? quote.product.name + ", setup" : quote.product.name,
            .period_start = line.days.start,
            .net = {line.net, currency},
            .rate = line.rate,
            .vat = {line.vat, currency},
            .gross = {line.gross, currency}};
        if (line.days.start < line.days.end) shown.period_end = line.days.end;
        lines.push_back(std::move(shown));
    }
    return lines;
}

void fill_in_lines(Quote& quote, store::Session& session, const std::string& sku, domain::Date today)
{
    BillingTerms terms{session};
    const auto& interval = quote.product.interval;
    const auto& decision = quote.tax.decision;
    const auto& item = terms.item(sku, interval ? std::optional{domain::to_text(*interval)} : std::nullopt, quote.includes_vat, decision);
    const auto currency = quote.charge.recurring.currency;
    const MemberPrice price{terms.reckon(quote.charge.setup.minor, sku, quote.includes_vat, today, decision).minor,
        terms.reckon(quote.charge.recurring.minor, sku, quote.includes_vat, today, decision).minor};
    quote.lines = first_lines(quote, item, sku, today, quote.free_now, price);
    quote.first = domain::totals_of(quote.lines, currency);
    auto in_advance = item; // what a whole period costs, whenever it is billed
    in_advance.mode = domain::BillingMode::advance;
    quote.recurring = domain::totals_of(first_lines(quote, in_advance, sku, today, false, {0, price.recurring_minor}), currency);
}

} // namespace

Quote Catalogue::quote(domain::MemberId member_id, const std::string& sku, const domain::Parameters& given)
{
    return database_.read([&](store::Session& session) {
        const auto member = store::MemberStore{session}.read(member_id);
        if (!member) throw Refusal{Reason::not_a_member, "this account is unknown here"};
        const auto today = clock_.today();
        store::CatalogueStore catalogue{session};
        const auto offer = catalogue.offer_on(today, member->currency, sku);
        const auto& price = price_of(offer, sku);
        auto parameters = given;
        if (parameters.vm) {
            const auto machine = store::MachineStore{session}.by_uuid(member_id, *parameters.vm);
            if (!machine) throw Refusal{Reason::not_found, "you have no VM with this uuid"};
            parameters.os_disk_gb = machine->parameters.os_disk_gb;
        }

        Quote quote{.product = offer->product,
            .charge = domain::charge_for(price, parameters),
            .includes_vat = price.includes_vat,
            .tax = domain::decide_tax(store::VatStore{session}.profile(member_id).value(), vat_)};
        if (quote.tax.decision.treatment == domain::VatTreatment::block_no_oss)
            throw Refusal{Reason::not_sold_there, domain::block_remedy(quote.tax.decision)};
        quote.free_now =
            !offer->product.free_while.empty() && store::OrderStore{session}.has_active_tag(member_id, offer->product.free_while);
        fill_in_lines(quote, session, sku, today);
        return quote;
    });
}

const domain::Price& price_of(const std::optional<store::Offer>& offer, const std::string& sku)
{
    if (!offer) throw Refusal{Reason::unknown_product, "there is no product " + sku + "; GET /products lists them"};
    if (offer->product.parameters == domain::ParameterKind::server)
        throw Refusal{Reason::product_not_sold, sku + " is sold by plan, out of a cart: POST /1.0/order/cart"};
    if (!offer->price) throw Refusal{Reason::product_not_sold, sku + " is not sold at present"};
    return *offer->price;
}

} // namespace service
