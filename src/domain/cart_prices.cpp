#include "domain/cart_prices.h"

#include "domain/billing.h"

#include <stdexcept>

namespace domain {
namespace {

/// Tax of a server's orders, all pieces of it: on setup and first period, and on a later period.
struct ServerTax {
    std::int64_t setup{0};
    std::int64_t recurring{0};
    std::int64_t later{0};
};

using ServerTaxes = std::map<std::int64_t, ServerTax>; // by item

enum class Billed { all, later_periods };

/// Bills an order for each piece of the servers, on one document, as the engine reckons tax on the running sums of a document.
/// `take(server, line)` gets its lines.
template <class Take>
void bill_servers(const CartContent& content, const std::vector<const CartItem*>& servers, const TermsOf& terms, Date day, Billed billed,
    const Take& take)
{
    BillingAccount account;
    std::vector<std::int64_t> of_subscription;
    for (const auto* server : servers) {
        const auto charge = charge_of(content, *server);
        Subscription order{.start = day, .trial_end = day};
        order.versions.push_back({.from = day,
            .item = &terms(server->duration),
            .anchor = day,
            .unit_minor = charge.recurring.minor,
            .once_minor = billed == Billed::all ? charge.setup.minor : 0,
            .charges_once = billed == Billed::all});
        for (int unit = 0; unit < server->quantity; ++unit) {
            account.add(order);
            of_subscription.push_back(server->id);
        }
    }
    for (const auto& line : bill(account, day, 1)) take(of_subscription[line.subscription], line);
}

/// The first invoice holds all orders, a later one those with the same periods.
ServerTaxes taxes_of(const CartContent& content, const TermsOf& terms, Date day)
{
    std::vector<const CartItem*> servers;
    std::map<std::string, std::vector<const CartItem*>> by_duration;
    for (const auto& item : content.items) {
        if (item.parent) continue;
        servers.push_back(&item);
        by_duration[to_text(item.duration)].push_back(&item);
    }
    ServerTaxes taxes;
    bill_servers(content, servers, terms, day, Billed::all, [&](std::int64_t server, const DraftLine& line) {
        (line.kind == LineKind::recurring ? taxes[server].recurring : taxes[server].setup) += line.vat;
    });
    for (const auto& [duration, alike] : by_duration)
        bill_servers(content, alike, terms, day, Billed::later_periods,
            [&](std::int64_t server, const DraftLine& line) { taxes[server].later += line.vat; });
    return taxes;
}

/// Hands a tax out to amounts one after the other, by running sums, so that the parts add up to it.
class Shares {
public:
    Shares(std::int64_t tax, std::int64_t whole) : tax_{tax}, whole_{whole} {}

    std::int64_t next(std::int64_t amount)
    {
        if (whole_ == 0) return 0;
        const auto before = half_up(tax_, sum_, whole_);
        sum_ += amount;
        return half_up(tax_, sum_, whole_) - before;
    }

private:
    std::int64_t tax_, whole_, sum_{0};
};

CartLine line_of(const CartItem& item, CartLineType type, Money unit, std::int64_t vat, std::int64_t later_vat)
{
    return {.item = item.id,
        .type = type,
        .description = item.name + (type == CartLineType::installation ? " - installation" : " - rental for " + to_text(item.duration)),
        .quantity = item.quantity,
        .unit = unit,
        .total = unit * item.quantity,
        .vat = {vat, unit.currency},
        .later_vat = {later_vat, unit.currency}};
}

void add_lines(CartLines& lines, const CartContent& content, const CartItem& server, const ServerTax& tax)
{
    const auto charge = charge_of(content, server);
    Shares of_recurring{tax.recurring, charge.recurring.minor}, of_later{tax.later, charge.recurring.minor},
        of_setup{tax.setup, charge.setup.minor};
    const auto add = [&](const CartItem& item) {
        const auto period = item.recurring.minor;
        lines.push_back(line_of(item, CartLineType::duration, item.recurring, of_recurring.next(period), of_later.next(period)));
        lines.push_back(line_of(item, CartLineType::installation, item.setup, of_setup.next(item.setup.minor), 0));
    };
    add(server);
    for (const auto* option : content.options_of(server)) add(*option);
}

void add_up(Totals& totals, Money net, Money vat)
{
    totals.net = totals.net + net;
    totals.vat = totals.vat + vat;
    totals.gross = totals.net + totals.vat;
}

Totals nothing(Currency currency) { return {{0, currency}, {0, currency}, {0, currency}}; }

} // namespace

std::string_view to_text(CartLineType type)
{
    switch (type) {
    case CartLineType::duration: return "DURATION";
    case CartLineType::installation: return "INSTALLATION";
    }
    throw std::domain_error{"no such type of line"};
}

CartLineType cart_line_type_from(std::string_view text)
{
    for (const auto type : {CartLineType::duration, CartLineType::installation})
        if (to_text(type) == text) return type;
    throw std::domain_error{"no such type of line"};
}

Charge charge_of(const CartContent& content, const CartItem& server)
{
    Charge charge{.setup = server.setup, .recurring = server.recurring};
    for (const auto* option : content.options_of(server)) {
        charge.setup = charge.setup + option->setup;
        charge.recurring = charge.recurring + option->recurring;
    }
    return charge;
}

CartLines lines_of(const CartContent& content, const TermsOf& terms, Date day)
{
    CartLines lines;
    lines.reserve(content.items.size() * 2);
    const auto taxes = taxes_of(content, terms, day);
    for (const auto& item : content.items) {
        if (item.parent) continue;
        const auto tax = taxes.find(item.id);
        add_lines(lines, content, item, tax == taxes.end() ? ServerTax{} : tax->second);
    }
    return lines;
}

Totals totals_of(const CartLines& lines, Currency currency)
{
    auto totals = nothing(currency);
    for (const auto& line : lines) add_up(totals, line.total, line.vat);
    return totals;
}

Totals totals_of(const CartLines& lines, Currency currency, CartLineType type)
{
    auto totals = nothing(currency);
    for (const auto& line : lines)
        if (line.type == type) add_up(totals, line.total, line.vat);
    return totals;
}

CartLines lines_of_server(const CartLines& lines, const CartContent& content, const CartItem& server)
{
    CartLines its;
    for (const auto& line : lines) {
        const auto* item = content.find(line.item);
        if (item && item->parent.value_or(item->id) == server.id) its.push_back(line);
    }
    return its;
}

std::map<std::string, Totals> recurring_of(const CartLines& lines, const CartContent& content)
{
    std::map<std::string, Totals> recurring;
    for (const auto& line : lines) {
        const auto* item = content.find(line.item);
        if (!item || line.type != CartLineType::duration) continue;
        auto& totals = recurring.try_emplace(to_text(item->duration), nothing(content.cart.currency)).first->second;
        add_up(totals, line.total, line.later_vat);
    }
    return recurring;
}

} // namespace domain
