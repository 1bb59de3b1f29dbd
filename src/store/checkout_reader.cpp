#include "store/checkout_reader.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

const std::string beginning_of_time{"1000-01-01"}, end_of_time{"9999-12-31"};

std::string bound(const std::optional<domain::Instant>& instant, const std::string& otherwise)
{
    return instant ? to_sql(*instant) : otherwise;
}

std::vector<PlacedServer> select_servers(Session& session, const char* sql, std::int64_t of)
{
    std::vector<PlacedServer> servers;
    for (const auto& [order, item, unit, status, name] :
        select<std::string, std::int64_t, int, std::string, std::optional<std::string>>(session, sql, of))
        servers.push_back({uuid_of(order), item, unit, domain::order_status_from(status), name});
    return servers;
}

} // namespace

std::vector<std::int64_t> CheckoutReader::placed(
    domain::MemberId member, const std::optional<domain::Instant>& from, const std::optional<domain::Instant>& to)
{
    std::vector<std::int64_t> ids;
    const auto rows =
        select<std::int64_t>(session_, "SELECT id FROM checkouts WHERE member_id = ? AND placed_at >= ? AND placed_at <= ? ORDER BY id",
            static_cast<std::int64_t>(member), bound(from, beginning_of_time), bound(to, end_of_time));
    for (const auto& [id] : rows) ids.push_back(id);
    return ids;
}

std::optional<PlacedCheckout> CheckoutReader::read(domain::MemberId member, std::int64_t checkout)
{
    const auto row = select_first<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, bool, bool>(session_,
        "SELECT cart_id, CAST(placed_at AS CHAR), currency, net_minor, vat_minor, gross_minor, waives_retraction, waits_for_member"
        " FROM checkouts WHERE id = ? AND member_id = ?",
        checkout, static_cast<std::int64_t>(member));
    if (!row) return std::nullopt;
    const auto& [cart, placed_at, currency, net, vat, gross, waives, waits] = *row;
    return PlacedCheckout{.id = checkout,
        .cart = cart,
        .placed_at = instant_of(placed_at),
        .net = money_of(net, currency),
        .vat = money_of(vat, currency),
        .gross = money_of(gross, currency),
        .waives_retraction = waives,
        .waits_for_member = waits};
}

std::vector<CheckoutLine> CheckoutReader::lines_of(std::int64_t checkout, domain::Currency currency)
{
    std::vector<CheckoutLine> lines;
    const auto rows = select<std::int64_t, std::int64_t, std::string, std::string, int, std::int64_t, std::int64_t>(session_,
        "SELECT id, item_id, detail_type, description, quantity, unit_minor, total_minor FROM checkout_lines WHERE checkout_id = ? ORDER "
        "BY id",
        checkout);
    for (const auto& [id, item, type, description, quantity, unit, total] : rows)
        lines.push_back({id, item, type, description, quantity, {unit, currency}, {total, currency}});
    return lines;
}

std::vector<PlacedServer> CheckoutReader::servers_of(std::int64_t checkout)
{
    return select_servers(session_,
        "SELECT o.uuid, s.item_id, s.unit, o.status, s.server_name FROM server_orders s JOIN orders o ON o.id = s.order_id"
        " WHERE s.checkout_id = ? ORDER BY s.item_id, s.unit",
        checkout);
}

std::vector<PlacedServer> CheckoutReader::servers_on(std::int64_t invoice)
{
    return select_servers(session_,
        "SELECT o.uuid, s.item_id, s.unit, o.status, s.server_name FROM server_orders s JOIN orders o ON o.id = s.order_id"
        " WHERE s.order_id IN (SELECT l.order_id FROM invoice_lines l WHERE l.invoice_id = ?) ORDER BY s.item_id, s.unit",
        invoice);
}

std::vector<CheckoutDocument> CheckoutReader::documents_of(std::int64_t checkout)
{
    std::vector<CheckoutDocument> documents;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::int64_t>(session_,
        "SELECT i.id, i.number, CAST(i.issued_at AS CHAR), i.currency, r.open_minor FROM invoices i JOIN receivables r ON r.invoice_id = "
        "i.id"
        " WHERE i.kind = 'invoice' AND i.id IN (SELECT l.invoice_id FROM server_orders s JOIN invoice_lines l ON l.order_id = s.order_id"
        "  WHERE s.checkout_id = ? AND l.kind IN ('setup', 'once', 'recurring')) ORDER BY i.id",
        checkout);
    for (const auto& [id, number, issued_at, currency, open] : rows)
        documents.push_back({id, number, instant_of(issued_at), money_of(open, currency)});
    return documents;
}

std::vector<CheckoutEvent> CheckoutReader::events_of(std::int64_t checkout)
{
    std::vector<CheckoutEvent> events;
    const auto rows = select<std::string, std::string, bool, std::string>(session_,
        "SELECT CAST(e.at AS CHAR), e.to_status, e.from_status IS NULL OR e.from_status <> e.to_status, e.reason"
        " FROM server_orders s JOIN order_events e ON e.order_id = s.order_id WHERE s.checkout_id = ? ORDER BY e.at, e.id",
        checkout);
    for (const auto& [at, to, changes, reason] : rows) events.push_back({instant_of(at), domain::order_status_from(to), changes, reason});
    return events;
}

std::vector<CheckoutCharge> CheckoutReader::charges_of(std::int64_t invoice)
{
    std::vector<CheckoutCharge> charges;
    const auto rows = select<std::string, std::optional<std::string>, std::string>(session_,
        "SELECT CAST(planned_at AS CHAR), CAST(finished_at AS CHAR), state FROM charges WHERE invoice_id = ? ORDER BY attempt", invoice);
    for (const auto& [planned_at, finished_at, state] : rows) charges.push_back({instant_of(planned_at), instant_of(finished_at), state});
    return charges;
}

std::optional<DocumentPayment> CheckoutReader::payment_of(std::int64_t invoice)
{
    const auto row = select_first<std::string, std::string, std::string>(session_,
        "SELECT p.uuid, p.means, CAST(p.received_at AS CHAR) FROM payment_allocations a JOIN payments p ON p.id = a.payment_id"
        " WHERE a.invoice_id = ? AND p.state = 'booked' ORDER BY p.id DESC LIMIT 1",
        invoice);
    if (!row) return std::nullopt;
    const auto& [uuid, means, received_at] = *row;
    return DocumentPayment{uuid_of(uuid), domain::payment_means_from(means), instant_of(received_at)};
}

void CheckoutReader::waive_retraction(std::int64_t checkout)
{
    execute(session_, "UPDATE checkouts SET waives_retraction = TRUE WHERE id = ?", checkout);
}

} // namespace store
