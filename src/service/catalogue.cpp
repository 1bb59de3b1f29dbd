#include "service/catalogue.h"

#include "domain/refusal.h"
#include "store/machine_store.h"
#include "store/member_store.h"
#include "store/order_store.h"

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

        Quote quote{.product = offer->product, .charge = domain::charge_for(price, parameters), .includes_vat = price.includes_vat};
        quote.free_now =
            !offer->product.free_while.empty() && store::OrderStore{session}.has_active_tag(member_id, offer->product.free_while);
        const auto rate = catalogue.vat_rate_on(today, offer->product.vat_class);
        domain::Order order{.sku = sku,
            .parameters = parameters,
            .charge = quote.charge,
            .price_includes_vat = price.includes_vat,
            .interval = offer->product.interval,
            .started_on = today};
        quote.lines = domain::first_lines(order, offer->product.name, rate, quote.free_now || parameters.vm.has_value());
        quote.first = domain::totals_of(quote.lines, member->currency);
        order.charge.setup.minor = 0;
        quote.recurring = domain::totals_of(domain::first_lines(order, offer->product.name, rate, false), member->currency);
        return quote;
    });
}

const domain::Price& price_of(const std::optional<store::Offer>& offer, const std::string& sku)
{
    if (!offer) throw Refusal{Reason::unknown_product, "there is no product " + sku + "; GET /products lists them"};
    if (!offer->price) throw Refusal{Reason::product_not_sold, sku + " is not sold at present"};
    return *offer->price;
}

} // namespace service
