#include "service/checkout_history.h"

#include "store/cart_store.h"
#include "store/charge_store.h"
#include "store/member_store.h"

#include <algorithm>

namespace service {
namespace {

domain::CheckoutStatus status_of(store::Session& session, const CheckoutView& view)
{
    domain::CheckoutStanding standing{.waits_for_member = view.checkout.waits_for_member};
    for (const auto& server : view.servers) standing.orders.push_back(server.status);
    if (!view.documents.empty()) {
        standing.is_settled = std::ranges::all_of(view.documents, [](const auto& document) { return document.open.minor == 0; });
        if (const auto attempt = store::ChargeStore{session}.latest_of(view.documents.front().invoice)) standing.last_try = attempt->state;
    }
    return domain::status_of(standing);
}

} // namespace

const store::CheckoutLine* CheckoutView::line(std::int64_t id) const
{
    const auto found = std::ranges::find(lines, id, &store::CheckoutLine::id);
    return found == lines.end() ? nullptr : &*found;
}

std::vector<store::PlacedServer> CheckoutView::servers_of(const store::CheckoutLine& line) const
{
    const auto* item = content.find(line.item);
    const auto server_item = item && item->parent ? *item->parent : line.item;
    std::vector<store::PlacedServer> found;
    std::ranges::copy_if(servers, std::back_inserter(found), [&](const store::PlacedServer& server) { return server.item == server_item; });
    return found;
}

std::string CheckoutView::domain_of(const store::CheckoutLine& line) const
{
    std::string names;
    for (const auto& server : servers_of(line)) {
        if (!server.name) continue;
        names += (names.empty() ? "" : ",") + *server.name;
    }
    const auto* item = content.find(line.item);
    if (!names.empty() || !item) return names.empty() ? "*" : names;
    return domain::placeholder_of(content, *item);
}

std::vector<std::int64_t> CheckoutHistory::placed(
    domain::MemberId member, const std::optional<domain::Instant>& from, const std::optional<domain::Instant>& to)
{
    return database_.read([&](store::Session& session) { return store::CheckoutReader{session}.placed(member, from, to); });
}

std::optional<CheckoutView> CheckoutHistory::view(domain::MemberId member, std::int64_t checkout)
{
    return database_.read([&](store::Session& session) { return view(session, member, checkout); });
}

std::optional<CheckoutView> CheckoutHistory::view(store::Session& session, domain::MemberId member, std::int64_t id)
{
    store::CheckoutReader reader{session};
    const auto checkout = reader.read(member, id);
    if (!checkout) return std::nullopt;
    CheckoutView view{.checkout = *checkout};
    view.lines = reader.lines_of(id, checkout->gross.currency);
    view.content.items = store::CartStore{session}.items_of(checkout->cart);
    view.servers = reader.servers_of(id);
    view.documents = reader.documents_of(id);
    view.status = status_of(session, view);
    const auto buyer = store::MemberStore{session}.read(member).value();
    view.retraction_until = domain::retraction_until(buyer.kind, buyer.address.country, checkout->placed_at, checkout->waives_retraction);
    return view;
}

CheckoutHistory::Progress CheckoutHistory::progress(const CheckoutView& view)
{
    return database_.read([&](store::Session& session) {
        store::CheckoutReader reader{session};
        Progress progress{.events = reader.events_of(view.checkout.id)};
        if (view.documents.empty()) return progress;
        progress.charges = reader.charges_of(view.documents.front().invoice);
        progress.payment = reader.payment_of(view.documents.front().invoice);
        return progress;
    });
}

std::optional<store::DocumentPayment> CheckoutHistory::payment(std::int64_t invoice)
{
    return database_.read([&](store::Session& session) { return store::CheckoutReader{session}.payment_of(invoice); });
}

} // namespace service
