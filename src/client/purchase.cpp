#include "client/purchase.h"

#include "client/checkout_lookup.h"
#include "client/failure.h"
#include "client/item_setup.h"
#include "client/order_status.h"
#include "client/quotation_view.h"
#include "client/selection.h"
#include "client/shell_word.h"
#include "client/table.h"

#include <algorithm>
#include <thread>

namespace client {
namespace {

using namespace std::chrono_literals;
using gateway::OvhOutcome;

constexpr int most_checkouts = 3; // of one cart in one run

bool is_yes(const std::string& answer) { return answer == "y" || answer == "Y" || answer == "yes"; }

void check_limit(const PurchaseWish& wish, const Amount& with_tax)
{
    if (!wish.max_total) return;
    const auto& limit = *wish.max_total;
    if (!limit.currency.empty() && limit.currency != with_tax.currency)
        throw Failure{Exit::refused, "the cart is in " + with_tax.currency + ", --max-total in " + limit.currency, "nothing was ordered"};
    if (with_tax.ucents > limit.ucents)
        throw Failure{Exit::refused, "the first payment of " + to_text(with_tax) + " is more than --max-total allows",
            "nothing was ordered; see what it consists of with `ovh-order preview`"};
}

} // namespace

Exit Purchase::order(PurchaseWish wish, const PurchaseDecisions& decisions)
{
    if (!console_.can_ask() && !decisions.yes)
        throw Failure{Exit::usage, "without a terminal nobody can agree to the order", "add --yes, best with --max-total"};
    const auto account = api_.account();
    if (wish.subsidiary.empty()) wish.subsidiary = account.subsidiary;
    decide_payment(wish, decisions);

    const auto cart = api_.create_cart(wish.subsidiary, "ovh-order " + wish.plan_code);
    wish = completed(wish, cart.id, decisions);
    auto journal = PurchaseJournal::begin(folder_, api_.url(), wish);
    console_.notes << "purchase " << journal.state().id << "; if it is interrupted: " << resume_command(journal.state()) << '\n';
    journal.note_cart(cart.id, true);
    fill(journal);
    return buy(journal, decisions);
}

Exit Purchase::checkout(const std::string& id, const PurchaseWish& limits, const PurchaseDecisions& decisions)
{
    if (!console_.can_ask() && !decisions.yes)
        throw Failure{Exit::usage, "without a terminal nobody can agree to the order", "add --yes, best with --max-total"};
    const auto cart = api_.cart(id);
    if (cart.read_only)
        throw Failure{Exit::conflict,
            "the cart was ordered already" + (cart.order_id ? ": order " + std::to_string(*cart.order_id) : std::string{}),
            cart.order_id ? "ovh-order order follow " + std::to_string(*cart.order_id) : "find it with `ovh-order order list`"};
    for (const auto& other : unfinished_purchases(folder_))
        if (other.cart == id && other.endpoint_url == api_.url())
            throw Failure{Exit::conflict, "purchase " + other.id + " has begun to order this cart", resume_command(other)};

    auto wish = limits;
    for (const auto item : cart.items) {
        const auto each = api_.item(id, item);
        if (each.parent) {
            wish.options.push_back(each.plan_code);
            continue;
        }
        wish.plan_code = each.plan_code;
        wish.term = {each.duration, each.pricing_mode};
        wish.quantity = each.quantity;
    }
    decide_payment(wish, decisions);
    auto journal = PurchaseJournal::begin(folder_, api_.url(), wish);
    journal.note_cart(id, false);
    try {
        return buy(journal, decisions);
    } catch (const Failure&) {
        // What was never sent is no purchase that could go on: the same command may be given again.
        if (!journal.state().was_sent && journal.state().ended.empty()) journal.note_end("given up");
        throw;
    }
}

Exit Purchase::resume(const std::string& id, const PurchaseDecisions& decisions)
{
    auto chosen = id;
    if (chosen.empty()) {
        const auto all = unfinished_purchases(folder_);
        if (all.empty()) throw Failure{Exit::not_found, "there is no purchase that has not ended"};
        std::string list;
        for (const auto& each : all) list += (list.empty() ? "" : "\n") + resume_command(each) + "   (" + each.wish.plan_code + ')';
        if (all.size() > 1) throw Failure{Exit::usage, "several purchases have not ended", list};
        chosen = all.front().id;
    }
    auto journal = PurchaseJournal::resume(folder_, chosen);
    const auto& state = journal.state();
    if (state.endpoint_url != api_.url())
        throw Failure{Exit::usage, "purchase " + chosen + " is one at " + state.endpoint_url, "choose it with --endpoint"};
    if (!state.ended.empty()) throw Failure{Exit::conflict, "purchase " + chosen + " has ended: " + state.ended};
    if (state.is_checkout_open())
        if (const auto exit = find_out(journal)) return *exit;
    if (state.order) return placed(journal, decisions);
    if (!console_.can_ask() && !decisions.yes)
        throw Failure{Exit::usage, "nothing was ordered yet, and without a terminal nobody can agree to it", "add --yes"};
    require_open_cart(journal);
    if (state.made_cart) fill(journal); // another's cart is bought as it is
    return buy(journal, decisions);
}

/// A cart for which this fails was of no use, and is not left behind.
PurchaseWish Purchase::completed(PurchaseWish wish, const std::string& cart, const PurchaseDecisions& decisions)
{
    try {
        wish = complete_wish(wish, find_plan(api_, cart, wish.product, wish.plan_code), decisions.cheapest, console_);
        if (!decisions.another) refuse_twin(wish);
        return wish;
    } catch (const Failure&) {
        drop_cart(cart);
        throw;
    }
}

/// Before a purchase goes on that was not ordered. Another cart is only made if no checkout was ever sent.
void Purchase::require_open_cart(PurchaseJournal& journal)
{
    const auto state = journal.state();
    bool is_gone = state.cart.empty();
    if (!is_gone) {
        try {
            const auto cart = api_.cart(state.cart);
            if (cart.read_only)
                throw Failure{Exit::conflict,
                    "the cart was ordered, but not by this purchase"
                        + (cart.order_id ? ": order " + std::to_string(*cart.order_id) : std::string{})};
        } catch (const Failure& failure) {
            if (failure.status != 404 && failure.status != 460) throw;
            is_gone = true;
        }
    }
    if (!is_gone) return;
    if (state.was_sent || (!state.cart.empty() && !state.made_cart)) {
        journal.note_end("given up");
        throw Failure{Exit::conflict, "the cart has expired and was not ordered", "begin anew"};
    }
    journal.note_cart(api_.create_cart(state.wish.subsidiary, "ovh-order " + state.wish.plan_code).id, true);
}

void Purchase::refuse_twin(const PurchaseWish& wish) const
{
    for (const auto& other : unfinished_purchases(folder_))
        if (other.endpoint_url == api_.url() && other.wish.plan_code == wish.plan_code && (other.is_checkout_open() || other.order))
            throw Failure{Exit::conflict,
                "a purchase of " + wish.plan_code + " is under way"
                    + (other.order ? ": order " + std::to_string(*other.order) : ", and may have been ordered"),
                resume_command(other) + "\nor add --another, to buy one more"};
}

/// Brings the cart to what was wished, whatever of it is there already.
void Purchase::fill(PurchaseJournal& journal)
{
    const auto& wish = journal.state().wish;
    const auto cart = journal.state().cart;
    auto items = configurable_items(api_, cart);
    const bool is_whole = items.size() == 1 + wish.options.size();
    if (!is_whole) {
        for (const auto& each : items)
            if (!each.item.parent) api_.remove_item(cart, each.item.id); // with its options
        const auto selection = find_plan(api_, cart, wish.product, wish.plan_code);
        const auto server = api_.add(cart, selection.product, {wish.plan_code, wish.term, wish.quantity});
        for (const auto& code : wish.options) {
            const auto option = std::ranges::find(selection.options, code, &Offer::plan_code);
            const auto term = option == selection.options.end() ? wish.term : option_term(*option, wish.term).term;
            api_.add_option(cart, selection.product, server.id, {code, term, wish.quantity});
        }
        items = configurable_items(api_, cart);
    }
    try {
        configure_items(api_, cart, items, wish.configuration);
    } catch (const Failure& failure) {
        if (failure.exit() == Exit::usage) give_up(journal); // a value that cannot be: going on would not change it
        throw;
    }
}

Exit Purchase::buy(PurchaseJournal& journal, PurchaseDecisions decisions)
{
    api_.assign(journal.state().cart);
    const auto quotation = agree(journal, decisions);
    journal.note_shown(quotation.with_tax);
    for (int time = 0; !journal.state().order; ++time) {
        if (time == most_checkouts)
            throw Failure{Exit::temporary, "the server does not take the checkout", resume_command(journal.state())};
        if (const auto exit = send(journal)) return *exit;
    }
    return placed(journal, decisions);
}

/// The dry run, and somebody who agrees to it.
Quotation Purchase::agree(PurchaseJournal& journal, PurchaseDecisions& decisions)
{
    auto wish = journal.state().wish;
    const auto quotation = validated_quotation(api_, console_, journal.state().cart, wish.configuration);
    if (wish != journal.state().wish) journal.note_wish(wish);
    console_.notes << quotation_text(quotation, wish.term.duration);
    try {
        check_limit(wish, quotation.with_tax);
    } catch (const Failure&) {
        give_up(journal);
        throw;
    }
    if (decisions.yes) return quotation;
    const auto& how = wish.terms.auto_pay ? ", and pay with your preferred payment method" : ", and pay later";
    if (!is_yes(console_.ask("Order this" + std::string{how} + "? [y/N] "))) {
        give_up(journal);
        throw Failure{Exit::refused, "nothing was ordered"};
    }
    return quotation;
}

/// Whether the order is paid at once is said by the buyer, never guessed; and a way to pay has to be there.
void Purchase::decide_payment(PurchaseWish& wish, const PurchaseDecisions& decisions)
{
    if (!decisions.auto_pay && !console_.can_ask())
        throw Failure{Exit::usage, "say how it is paid",
            "--auto-pay: at once, with your preferred payment method; --pay-later: by `ovh-order order pay`"};
    wish.terms.auto_pay =
        decisions.auto_pay ? *decisions.auto_pay : is_yes(console_.ask("Pay at once with your preferred payment method? [y/N] "));
    if (!wish.terms.auto_pay) return;
    try {
        if (api_.payment_methods(true).empty())
            throw Failure{Exit::refused, "you have no preferred payment method", "register one, or order with --pay-later"};
    } catch (const Failure& failure) {
        // Not every installation has the route, nor every key the right to it; the dry run judges as well.
        if (failure.status != 404 && failure.error_code != "NOT_GRANTED_CALL") throw;
    }
}

/// One checkout. nullopt: go on, with an order or once more.
std::optional<Exit> Purchase::send(PurchaseJournal& journal)
{
    journal.note_checkout_sent();
    const auto cart = journal.state().cart;
    const auto result = api_.checkout(cart, journal.state().wish.terms);
    const auto& reply = result.reply;
    if (const auto order = reply.ok() ? reply.body().number({"orderId"}) : std::nullopt) {
        journal.note_order(*order, std::nullopt); // before anything else can fail
        journal.note_order(*order, result.placed()->with_tax);
        return std::nullopt;
    }
    const bool is_frozen = reply.status() == 409 && api_.cart(cart).read_only; // by a checkout that we did not hear of
    if (reply.outcome() == OvhOutcome::unreachable || (reply.outcome() == OvhOutcome::refused && !is_frozen)) {
        journal.note_checkout_not_taken(reply.message());
        throw checkout_failure(api_, cart, reply, "order this cart");
    }
    console_.notes << "no clear answer to the checkout (" << printable(reply.message()) << "): looking what became of it\n";
    return find_out(journal);
}

/// What became of a checkout without an answer. nullopt: known now, see the journal. Never makes an order, nor another cart.
std::optional<Exit> Purchase::find_out(PurchaseJournal& journal)
{
    const auto state = journal.state();
    const auto fate = look_up_checkout(api_, state, [this](std::chrono::milliseconds duration) { pause(duration); });
    if (fate.order) {
        journal.note_order(*fate.order, std::nullopt);
        return std::nullopt;
    }
    if (fate.is_open) {
        journal.note_checkout_not_taken("the cart is open");
        return std::nullopt;
    }
    console_.notes << "the cart " << (fate.is_gone ? "is gone" : "was ordered")
                   << ", but which order it became cannot be told. No other cart is made for it.\n  look at `ovh-order order list`, then "
                   << "`ovh-order order follow ORDER`; to look again: " << resume_command(state) << '\n';
    return Exit::needs_human;
}

/// From here on the order is what counts.
Exit Purchase::placed(PurchaseJournal& journal, const PurchaseDecisions& decisions)
{
    const auto order = *journal.state().order;
    const auto& shown = journal.state().shown_total;
    console_.notes << "order " << order << " is placed\n";
    const auto total = journal.state().order_total ? *journal.state().order_total : api_.order(order).with_tax;
    if (shown && total != *shown) {
        console_.notes << "its total is " << to_text(total) << ", but " << to_text(*shown)
                       << " was agreed to: it is not followed. Look at it: "
                       << "ovh-order order show " << order << '\n';
        show_order(api_, console_, order);
        return Exit::needs_human;
    }
    if (!decisions.follow) return end_with(journal, show_order(api_, console_, order));
    auto exit = follow_order(api_, console_, order, follow_);
    show_order(api_, console_, order);
    return end_with(journal, exit);
}

/// A cart that was never sent to checkout is not needed any more, if it is ours.
void Purchase::give_up(PurchaseJournal& journal)
{
    journal.note_end("given up");
    if (journal.state().made_cart && !journal.state().was_sent) drop_cart(journal.state().cart);
}

void Purchase::drop_cart(const std::string& cart)
{
    try {
        api_.remove_cart(cart);
    } catch (const Failure&) {
        console_.notes << "the cart " << cart << " is left behind; it expires\n";
    }
}

Exit Purchase::end_with(PurchaseJournal& journal, Exit exit)
{
    if (exit == Exit::done) journal.note_end("delivered");
    if (exit == Exit::refused) journal.note_end("cancelled");
    return exit;
}

void Purchase::pause(std::chrono::milliseconds duration) const
{
    if (follow_.sleep) follow_.sleep(duration);
    else std::this_thread::sleep_for(duration);
}

} // namespace client
