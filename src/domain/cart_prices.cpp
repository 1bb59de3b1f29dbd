#include "domain/cart_prices.h"

#include "domain/billing.h"

#include <stdexcept>

namespace domain {
namespace {

/// The tax of one order's first invoice, of its setup and of its first period.
struct OrderTax {
    std::int64_t setup{0};
    std::int64_t recurring{0};
};

OrderTax tax_of(const Charge& charge, const Item& terms, Date day)
{
    BillingAccount account;
    Subscription order{.start = day, .trial_end = day};
    order.versions.push_back({.from = day,
        .item = &terms,
        .anchor = day,
        .unit_minor = charge.recurring.minor,
        .once_minor = charge.setup.minor,
        .charges_once = true});
    account.add(std::move(order));
    OrderTax tax;
    for (const auto& line : bill(account, day, 1)) (line.kind == LineKind::recurring ? tax.recurring : tax.setup) += line.vat;
    return tax;
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

CartLine line_of(const CartItem& item, CartLineType type, Money unit, std::int64_t vat_of_one)
{
    return {.item = item.id,
        .type = type,
        .description = item.name + (type == CartLineType::installation ? " - installation" : " - rental for " + to_text(item.duration)),
        .quantity = item.quantity,
        .unit = unit,
        .total = unit * item.quantity,
        .vat = Money{vat_of_one, unit.currency} * item.quantity};
}

void add_lines(CartLines& lines, const CartContent& content, const CartItem& server, const TermsOf& terms, Date day)
{
    const auto charge = charge_of(content, server);
    const auto tax = tax_of(charge, terms(server.duration), day);
    Shares of_recurring{tax.recurring, charge.recurring.minor}, of_setup{tax.setup, charge.setup.minor};
    const auto add = [&](const CartItem& item) {
        lines.push_back(line_of(item, CartLineType::duration, item.recurring, of_recurring.next(item.recurring.minor)));
        lines.push_back(line_of(item, CartLineType::installation, item.setup, of_setup.next(item.setup.minor)));
    };
    add(server);
    for (const auto* option : content.options_of(server)) add(*option);
}

void add_up(Totals& totals, const CartLine& line)
{
    totals.net = totals.net + line.total;
    totals.vat = totals.vat + line.vat;
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
    for (const auto& item : content.items)
        if (!item.parent) add_lines(lines, content, item, terms, day);
    return lines;
}

Totals totals_of(const CartLines& lines, Currency currency)
{
    auto totals = nothing(currency);
    for (const auto& line : lines) add_up(totals, line);
    return totals;
}

Totals totals_of(const CartLines& lines, Currency currency, CartLineType type)
{
    auto totals = nothing(currency);
    for (const auto& line : lines)
        if (line.type == type) add_up(totals, line);
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
        add_up(recurring.try_emplace(to_text(item->duration), nothing(content.cart.currency)).first->second, line);
    }
    return recurring;
}

} // namespace domain
