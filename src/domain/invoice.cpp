#include "domain/invoice.h"

namespace domain {

Totals totals_of(const std::vector<InvoiceLine>& lines, Currency currency)
{
    Totals totals{{0, currency}, {0, currency}, {0, currency}};
    for (const auto& line : lines) {
        totals.net = totals.net + line.net;
        totals.vat = totals.vat + line.vat;
        totals.gross = totals.gross + line.gross;
    }
    return totals;
}

std::vector<InvoiceLine> first_lines(const Order& order, const std::string& product_name, VatRate rate, bool free)
{
    std::vector<InvoiceLine> lines;
    RunningVat vat{rate, order.price_includes_vat};
    const auto add = [&](LineKind kind, Money amount, const std::string& text, std::optional<Date> period_end) {
        if (amount.minor == 0) return;
        const auto share = vat.next(amount);
        lines.push_back({.order = order.id,
            .kind = kind,
            .sku = order.sku,
            .text = text,
            .period_start = order.started_on,
            .period_end = period_end,
            .net = share.net,
            .rate = rate,
            .vat = share.vat,
            .gross = share.gross});
    };

    add(order.interval ? LineKind::setup : LineKind::once, order.charge.setup, order.interval ? product_name + ", setup" : product_name,
        std::nullopt);
    if (order.interval && !free)
        add(LineKind::recurring, order.charge.recurring, product_name, boundary(order.started_on, *order.interval, 1));
    return lines;
}

} // namespace domain
