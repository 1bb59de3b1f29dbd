#pragma once
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/order.h"
#include "domain/vat.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// One charge of one order; `period_end` is missing for what is charged once.
struct InvoiceLine {
    OrderId order{};
    LineKind kind{};
    std::string sku{};
    std::string text{};
    Date period_start{};
    std::optional<Date> period_end{};
    Money net{};
    VatRate rate{};
    Money vat{};
    Money gross{};
};

struct Totals {
    Money net{}, vat{}, gross{};
};

Totals totals_of(const std::vector<InvoiceLine>& lines, Currency currency);

/// What an order costs when it begins: the once price and the first period, those that are not 0. `free` leaves the
/// period out (the product is free for this member now). `rate` is the tax of the first day.
std::vector<InvoiceLine> first_lines(const Order& order, const std::string& product_name, VatRate rate, bool free);

} // namespace domain
