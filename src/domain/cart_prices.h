#pragma once
#include "domain/cart.h"
#include "domain/invoice.h"
#include "domain/subscription.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What a cart costs: its lines without tax, and the tax as the first invoice will reckon it.
namespace domain {

/// Of what a line is: a period, or the setup.
enum class CartLineType { duration, installation };

std::string_view to_text(CartLineType type);             ///< "DURATION", "INSTALLATION"
CartLineType cart_line_type_from(std::string_view text); ///< @throws std::domain_error if there is none of this name

/// What an item adds to the first payment; every item has one line of each type.
struct CartLine {
    std::int64_t item{0};
    CartLineType type{};
    std::string description{};
    int quantity{1};
    Money unit{};      ///< without tax
    Money total{};     ///< unit times quantity
    Money vat{};       ///< on the total, as the first invoice has it
    Money later_vat{}; ///< of a period: on the total of a later one, by today's rates
};

using CartLines = std::vector<CartLine>;

/// How something that is sold for a duration is billed and taxed, on the day of the purchase.
using TermsOf = std::function<const Item&(Interval duration)>;

/// The lines of a cart that is bought on the day. An order per piece of a server, its options with it, is billed by the engine of the
/// invoices, all on one document, so that the tax is its to the last cent; it is shared out among the lines by their amounts.
/// @throws std::domain_error if an amount leaves int64
CartLines lines_of(const CartContent& content, const TermsOf& terms, Date day);

/// Lines of one type, or of an item and its options, or all, added up.
Totals totals_of(const CartLines& lines, Currency currency);
Totals totals_of(const CartLines& lines, Currency currency, CartLineType type);

/// The lines of a server and its options.
CartLines lines_of_server(const CartLines& lines, const CartContent& content, const CartItem& server);

/// What is paid again for each period, by duration: a cart may hold servers that are billed monthly and yearly.
std::map<std::string, Totals> recurring_of(const CartLines& lines, const CartContent& content);

/// What one order of a server costs: the server with its options.
Charge charge_of(const CartContent& content, const CartItem& server);

} // namespace domain
