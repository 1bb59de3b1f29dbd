#include "client/order_models.h"

namespace client {
namespace {

OrderLine line_in(gateway::JsonNode node)
{
    return {.item = node.number({"cartItemID"}),
        .description = node.text({"description"}),
        .type = node.text({"detailType"}),
        .domain = node.text({"domain"}),
        .quantity = node.number({"quantity"}).value_or(1),
        .unit_price = amount_in(node.at({"unitPrice"})),
        .total = amount_in(node.at({"totalPrice"}))};
}

bool is_setup(const OrderLine& line) { return line.type == "INSTALLATION" || line.type == "CREATION"; }

bool is_reduction(const OrderLine& line) { return line.type == "GIFT" || line.type == "VOUCHER" || line.total.ucents < 0; }

template <class Wanted> Amount sum_of(const Quotation& quotation, Wanted wanted)
{
    Amount sum{0, quotation.with_tax.currency};
    for (const auto& line : quotation.lines)
        if (wanted(line)) sum = sum + line.total;
    return sum;
}

} // namespace

Amount Quotation::setup() const
{
    return sum_of(*this, [](const OrderLine& line) { return is_setup(line) && !is_reduction(line); });
}

Amount Quotation::reduction() const { return sum_of(*this, is_reduction); }

Amount Quotation::recurring() const
{
    return sum_of(*this, [](const OrderLine& line) { return !is_setup(line) && !is_reduction(line); });
}

std::vector<std::int64_t> numbers_in(gateway::JsonNode array)
{
    std::vector<std::int64_t> numbers;
    for (const auto& node : array.items({}))
        if (const auto number = node.number({})) numbers.push_back(*number);
    return numbers;
}

std::vector<std::string> texts_in(gateway::JsonNode array)
{
    std::vector<std::string> texts;
    for (const auto& node : array.items({})) texts.push_back(node.text({}));
    return texts;
}

Cart cart_in(gateway::JsonNode node)
{
    return {.id = node.text({"cartId"}),
        .description = node.text({"description"}),
        .expire = node.text({"expire"}),
        .items = numbers_in(node.at({"items"})),
        .read_only = node.flag({"readOnly"}),
        .order_id = node.number({"orderId"})};
}

Item item_in(gateway::JsonNode node)
{
    return {.id = node.number({"itemId"}).value_or(0),
        .parent = node.number({"parentItemId"}),
        .plan_code = node.text({"settings", "planCode"}),
        .duration = node.text({"duration"}),
        .pricing_mode = node.text({"settings", "pricingMode"}),
        .quantity = node.number({"settings", "quantity"}).value_or(1),
        .options = numbers_in(node.at({"options"}))};
}

Requirement requirement_in(gateway::JsonNode node)
{
    return {.label = node.text({"label"}),
        .type = node.text({"type"}),
        .required = node.flag({"required"}),
        .allowed = texts_in(node.at({"allowedValues"}))};
}

ItemConfiguration configuration_in(gateway::JsonNode node)
{
    return {.id = node.number({"id"}).value_or(0), .label = node.text({"label"}), .value = node.text({"value"})};
}

Quotation quotation_in(gateway::JsonNode node)
{
    Quotation quotation{.order_id = node.number({"orderId"}),
        .without_tax = amount_in(node.at({"prices", "withoutTax"})),
        .tax = amount_in(node.at({"prices", "tax"})),
        .with_tax = amount_in(node.at({"prices", "withTax"}))};
    for (const auto& line : node.items({"details"})) quotation.lines.push_back(line_in(line));
    for (const auto& contract : node.items({"contracts"}))
        quotation.contracts.push_back(contract.text({"name"}) + ": " + contract.text({"url"}));
    return quotation;
}

PlacedOrder placed_order_in(gateway::JsonNode node)
{
    return {.id = node.number({"orderId"}).value_or(0),
        .date = node.text({"date"}),
        .expiration_date = node.text({"expirationDate"}),
        .with_tax = amount_in(node.at({"priceWithTax"}))};
}

OrderDetail order_detail_in(gateway::JsonNode node)
{
    return {.id = node.number({"orderDetailId"}).value_or(0),
        .description = node.text({"description"}),
        .domain = node.text({"domain"}),
        .quantity = node.text({"quantity"}),
        .total = amount_in(node.at({"totalPrice"}))};
}

FollowUpStep follow_up_step_in(gateway::JsonNode node)
{
    FollowUpStep step{.step = node.text({"step"}), .status = node.text({"status"})};
    for (const auto& event : node.items({"history"}))
        step.history.push_back({event.text({"date"}), event.text({"label"}), event.text({"description"})});
    return step;
}

} // namespace client
