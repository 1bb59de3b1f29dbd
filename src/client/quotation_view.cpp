#include "client/quotation_view.h"

#include "client/table.h"
#include "domain/calendar.h"

namespace client {
namespace {

Table lines_of(const Quotation& quotation)
{
    Table table{{{"itemId", "ITEM", true}, {"type", "TYPE"}, {"quantity", "QUANTITY", true}, {"unitPrice", "UNIT", true},
        {"totalPrice", "TOTAL", true}, {"description", "DESCRIPTION"}}};
    for (const auto& line : quotation.lines)
        table.add({line.item, line.type, line.quantity, line.unit_price, line.total, line.description});
    return table;
}

} // namespace

std::string duration_text(const std::string& duration)
{
    using Unit = domain::Interval::Unit;
    const auto interval = domain::interval_from(duration);
    if (!interval) return duration;
    const auto* unit = interval->unit == Unit::day ? "day"
        : interval->unit == Unit::week             ? "week"
        : interval->unit == Unit::month            ? "month"
                                                   : "year";
    return interval->count == 1 ? unit : std::to_string(interval->count) + ' ' + unit + 's';
}

std::string quotation_text(const Quotation& quotation, const std::string& duration)
{
    const std::string every = duration.empty() ? "" : " each " + duration_text(duration);
    Table sums{{{"what", ""}, {"amount", "", true}}};
    if (quotation.setup().ucents) sums.add({"setup, once", quotation.setup()});
    sums.add({"recurring" + every, quotation.recurring()});
    if (quotation.reduction().ucents) sums.add({"reductions of the first payment", quotation.reduction()});
    sums.add({"first payment without tax", quotation.without_tax});
    sums.add({"tax", quotation.tax});
    sums.add({"FIRST PAYMENT", quotation.with_tax});
    sums.add({"afterwards" + every + ", without tax", quotation.recurring()});
    auto text = lines_of(quotation).text() + sums.text();
    for (const auto& contract : quotation.contracts) text += "contract " + printable(contract) + '\n';
    return text;
}

http::JsonText quotation_json(const Quotation& quotation, const std::string& duration)
{
    return http::JsonText::object()
        .set("orderId", Cell{quotation.order_id}.json)
        .set("lines", lines_of(quotation).json())
        .set("setup", json_of(quotation.setup()))
        .set("reduction", json_of(quotation.reduction()))
        .set("recurring", json_of(quotation.recurring()))
        .set("duration", duration)
        .set("withoutTax", json_of(quotation.without_tax))
        .set("tax", json_of(quotation.tax))
        .set("withTax", json_of(quotation.with_tax));
}

} // namespace client
