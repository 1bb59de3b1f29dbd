#include "client/selection.h"

#include "client/failure.h"
#include "client/shell_word.h"

#include <algorithm>
#include <charconv>

namespace client {
namespace {

const Offer* find(const std::vector<Offer>& offers, const std::string& plan_code)
{
    const auto found = std::ranges::find(offers, plan_code, &Offer::plan_code);
    return found == offers.end() ? nullptr : &*found;
}

std::vector<const Offer*> of_family(const std::vector<Offer>& options, const std::string& family)
{
    std::vector<const Offer*> own;
    for (const auto& option : options)
        if (option.family == family) own.push_back(&option);
    return own;
}

bool is_mandatory(const std::vector<Offer>& options, const std::string& family)
{
    return std::ranges::any_of(options, [&](const Offer& option) { return option.family == family && option.mandatory; });
}

std::string listed(const std::vector<const Offer*>& options, const Term& term)
{
    std::string text;
    int number = 0;
    for (const auto* option : options)
        text += "\n  " + std::to_string(++number) + "  " + option->plan_code + "  " + to_text(option_term(*option, term).recurring) + "  "
            + option->product_name;
    return text;
}

/// The answer may be the number in the list or the code itself.
const Offer* answer_in(const std::vector<const Offer*>& options, const std::string& answer)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
    if (error == std::errc{} && end == answer.data() + answer.size() && number >= 1 && number <= options.size()) return options[number - 1];
    for (const auto* option : options)
        if (option->plan_code == answer) return option;
    return nullptr;
}

std::string ask_for(const Console& console, const std::string& family, const std::vector<const Offer*>& options, const Term& term)
{
    console.notes << "the plan needs one option of " << family << ':' << listed(options, term) << '\n';
    while (true)
        if (const auto* chosen = answer_in(options, console.ask(family + "? "))) return chosen->plan_code;
}

void check_options(const PurchaseWish& wish, const Selection& selection)
{
    for (const auto& code : wish.options) {
        const auto* option = find(selection.options, code);
        if (!option)
            throw Failure{
                Exit::usage, "plan " + wish.plan_code + " has no option " + code, "see `ovh-order options " + wish.plan_code + '`'};
        const auto same = std::ranges::count_if(wish.options, [&](const std::string& other) {
            const auto* each = find(selection.options, other);
            return each && each->family == option->family;
        });
        if (same > 1 && option->exclusive)
            throw Failure{Exit::usage, "only one option of " + option->family + " can be chosen", "keep one of them"};
    }
}

} // namespace

Selection find_plan(OrderApi& api, const std::string& cart, const std::string& product, const std::string& plan_code)
{
    const auto products = product.empty() ? std::vector<std::string>{"dedicated", "baremetalServers", "eco"} : std::vector{product};
    for (const auto& each : products) {
        std::vector<Offer> offers;
        try {
            offers = api.offers(cart, each, plan_code);
        } catch (const Failure& failure) {
            // Some installations do not know the name, and some answer 404 or 400 to a code that they do not sell.
            if (failure.status != 404 && failure.status != 400) throw;
        }
        if (const auto* offer = find(offers, plan_code))
            return {.product = each, .offer = *offer, .options = api.options(cart, each, plan_code)};
    }
    throw Failure{Exit::not_found, "there is no plan " + plan_code, "see `ovh-order catalog`"};
}

std::vector<std::string> families_of(const std::vector<Offer>& options)
{
    std::vector<std::string> families;
    for (const auto& option : options)
        if (std::ranges::find(families, option.family) == families.end()) families.push_back(option.family);
    return families;
}

const Offer& cheapest_of(const std::vector<Offer>& options, const std::string& family, const Term& term)
{
    const auto own = of_family(options, family);
    if (own.empty()) throw Failure{Exit::refused, "there is no option of " + family};
    return **std::ranges::min_element(own, {}, [&](const Offer* option) {
        const auto price = option_term(*option, term);
        return std::pair{price.recurring.ucents, price.setup.ucents};
    });
}

PurchaseWish complete_wish(PurchaseWish wish, const Selection& selection, bool cheapest, const Console& console)
{
    wish.product = selection.product;
    wish.term = choose_term(selection.offer, wish.term).term;
    check_options(wish, selection);
    for (const auto& family : families_of(selection.options)) {
        const auto own = of_family(selection.options, family);
        const bool chosen =
            std::ranges::any_of(own, [&](const Offer* option) { return std::ranges::count(wish.options, option->plan_code) > 0; });
        if (chosen || !is_mandatory(selection.options, family)) continue;
        if (cheapest) wish.options.push_back(cheapest_of(selection.options, family, wish.term).plan_code);
        else if (console.can_ask()) wish.options.push_back(ask_for(console, family, own, wish.term));
        else
            throw Failure{Exit::usage, "plan " + wish.plan_code + " needs an option of " + family,
                "--cheapest, or --option with one of" + listed(own, wish.term)};
    }
    return wish;
}

std::string order_command(const Selection& selection, const Term& term, const std::vector<Requirement>& requirements)
{
    auto command = "ovh-order order dedicated " + shell_word(selection.offer.plan_code) + " --duration " + shell_word(term.duration)
        + " --pricing-mode " + shell_word(term.mode);
    for (const auto& family : families_of(selection.options))
        if (is_mandatory(selection.options, family))
            command += " --option " + shell_word(cheapest_of(selection.options, family, term).plan_code);
    for (const auto& each : requirements)
        if (each.required) command += " --set " + shell_word(each.label + '=' + (each.allowed.empty() ? "VALUE" : each.allowed.front()));
    return command;
}

} // namespace client
