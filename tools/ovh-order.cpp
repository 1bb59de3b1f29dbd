#include "app/version.h"
#include "client/catalogue.h"
#include "client/endpoints.h"
#include "client/session.h"
#include "client/terminal.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <type_traits>

namespace {

using client::Arguments;
using client::Exit;
using client::Failure;
using client::Session;

constexpr const char* exit_codes = R"(Exit status:
  0  done             4  not found      7  pending: the order goes on by itself
  1  refused          5  conflict       8  needs a human: to pay, to send documents,
  2  usage            6  temporary         or to look what became of it
  3  not logged in)";

/// The plan that is typed, or chosen of the catalogue by whoever sits there.
std::string chosen_plan(const Arguments& arguments, Session& session, const client::Console& console)
{
    if (!arguments.plan.empty()) return arguments.plan;
    if (!console.can_ask()) throw Failure{Exit::usage, "which plan?", "see `ovh-order catalog`"};
    const auto range = arguments.range.empty() ? "dedicated" : arguments.range;
    client::print_catalogue(
        client::read_catalogue(session.api, range, session.subsidiary(), ""), {.out = console.notes, .notes = console.notes});
    return console.ask("Plan? ");
}

Exit order_dedicated(const Arguments& arguments, const client::Console& console)
{
    Session session{arguments, console};
    client::Purchase purchase{session.api, console, client::journal_of(arguments), client::follow_terms(arguments)};
    if (arguments.resuming) return purchase.resume(arguments.resume, client::decisions_of(arguments));
    auto wish = client::wish_of(arguments);
    wish.plan_code = chosen_plan(arguments, session, console);
    return purchase.order(std::move(wish), client::decisions_of(arguments));
}

Exit log_in(const Arguments& arguments, const client::Console& console)
{
    const auto configuration = client::configuration_of(arguments, console);
    if (arguments.check) {
        client::show_account(configuration, console);
        return Exit::done;
    }
    auto terms = arguments.login;
    if (terms.keys_file.empty()) terms.keys_file = arguments.config;
    if (arguments.wait_s >= 0) terms.patience = std::chrono::seconds{arguments.wait_s};
    if (!arguments.no_browser && console.can_ask() && client::has_desktop()) terms.open_browser = &client::open_browser;
    client::log_in(configuration, console, terms);
    return Exit::done;
}

/// What is to be done, once the line is understood.
using Action = std::function<Exit(const client::Console&)>;

/// The action of a command: what it does with a session, which counts as done when it comes back.
template <class Work> void on(CLI::App* command, Action& action, const Arguments& arguments, Work work)
{
    command->callback([&action, &arguments, work] {
        action = [&arguments, work](const client::Console& console) {
            Session session{arguments, console};
            if constexpr (std::is_same_v<std::invoke_result_t<Work, Session&, const client::Console&>, Exit>) return work(session, console);
            else {
                work(session, console);
                return Exit::done;
            }
        };
    });
}

void add_payment_options(CLI::App* command, Arguments& arguments)
{
    command->add_flag("--yes", arguments.yes, "agree to whatever the dry run says, within --max-total");
    command->add_option("--max-total", arguments.max_total, "refuse a first payment, with tax, of more than this: 89.90 or \"89.90 EUR\"");
    auto* now = command->add_flag("--auto-pay", arguments.auto_pay, "pay at once with the preferred payment method");
    command->add_flag("--pay-later", arguments.pay_later, "order only; pay by `ovh-order order pay`")->excludes(now);
    command->add_flag("--waive-retraction", arguments.waive_retraction, "give up the right to withdraw, where there is one");
    command->add_flag("--no-follow", arguments.no_follow, "do not wait for the delivery");
    command->add_option("--wait", arguments.wait_s, "wait at most so many seconds; default: until it ends")->check(CLI::NonNegativeNumber);
}

void add_term_options(CLI::App* command, Arguments& arguments)
{
    command->add_option("--duration", arguments.add.term.duration, "as the offer has it, P1M; default: the offer's only one, or a month");
    command->add_option("--pricing-mode", arguments.add.term.mode, "as the offer has it; default: the one without commitment");
}

void add_range_option(CLI::App* command, Arguments& arguments)
{
    command->add_option("--range", arguments.range, "dedicated, baremetalServers, eco or vps; default: wherever the plan is found");
}

void add_login(CLI::App& cli, Action& action, Arguments& arguments)
{
    auto* login = cli.add_subcommand("login", "get a consumer key for orders, and write it into ovh.conf");
    login->add_flag("--check", arguments.check, "only say whose keys are there");
    login->add_option("--write-to", arguments.login.keys_file, "the file; default: where the application key stands, else ~/.ovh.conf");
    login->add_option("--redirect", arguments.login.redirection, "where the browser goes afterwards");
    login->add_flag("--no-browser", arguments.no_browser, "only show the address");
    login->add_option("--wait", arguments.wait_s, "for the validation, in seconds; default: 600")->check(CLI::NonNegativeNumber);
    login->callback([&] { action = [&](const client::Console& console) { return log_in(arguments, console); }; });
}

void add_catalogue(CLI::App& cli, Action& action, Arguments& arguments)
{
    auto* catalog = cli.add_subcommand("catalog", "what can be ordered, the cheapest first");
    catalog->add_option("search", arguments.text, "a part of plan or name");
    catalog->add_option("--range", arguments.range, "dedicated (default), eco, vps and so on");
    on(catalog, action, arguments, [&](Session& session, const client::Console& console) {
        const auto range = arguments.range.empty() ? "dedicated" : arguments.range;
        client::print_catalogue(client::read_catalogue(session.api, range, session.subsidiary(), arguments.text), console);
    });

    auto* options = cli.add_subcommand("options", "options, prices and labels of a plan, and a command that orders it");
    options->add_option("plan", arguments.plan)->required();
    options->add_flag("--cheapest", arguments.add.cheapest, "only show that command, with the cheapest option of each mandatory family");
    add_term_options(options, arguments);
    add_range_option(options, arguments);
    on(options, action, arguments, [&](Session& session, const client::Console& console) {
        client::print_options(session.api, console,
            {.plan_code = arguments.plan,
                .product = arguments.range,
                .subsidiary = session.subsidiary(),
                .term = arguments.add.term,
                .only_command = arguments.add.cheapest});
    });
}

std::vector<std::string> carts_under_way(const Arguments& arguments)
{
    std::vector<std::string> carts;
    for (const auto& purchase : client::unfinished_purchases(client::journal_of(arguments))) carts.push_back(purchase.cart);
    return carts;
}

void add_carts(CLI::App& cli, Action& action, Arguments& arguments)
{
    auto* cart = cli.add_subcommand("cart", "carts")->require_subcommand(1);
    auto* fresh = cart->add_subcommand("new", "make a cart");
    fresh->add_option("--description", arguments.text);
    on(fresh, action, arguments, [&](Session& session, const client::Console& console) {
        client::print_cart(session.api.create_cart(session.subsidiary(), arguments.text), console);
    });
    auto* show = cart->add_subcommand("show", "a cart with its items and their configuration");
    show->add_option("cart", arguments.cart)->required();
    on(show, action, arguments,
        [&](Session& session, const client::Console& console) { client::show_cart(session.api, console, arguments.cart); });
    auto* list = cart->add_subcommand("list", "your carts");
    on(list, action, arguments, [](Session& session, const client::Console& console) { client::list_carts(session.api, console); });
    auto* clean = cart->add_subcommand("clean", "delete your carts that were never ordered");
    clean->add_option("--description", arguments.text, "only those with this description");
    clean->add_flag("--yes", arguments.yes, "do not ask");
    on(clean, action, arguments, [&](Session& session, const client::Console& console) {
        client::clean_carts(session.api, console, arguments.text, carts_under_way(arguments), arguments.yes);
    });
}

void add_cart_steps(CLI::App& cli, Action& action, Arguments& arguments)
{
    auto* add = cli.add_subcommand("add", "put a plan, or an option of an item, into a cart");
    add->add_option("cart", arguments.cart)->required();
    add->add_option("plan", arguments.add.plan_code)->required();
    add_term_options(add, arguments);
    add->add_option("--quantity", arguments.add.quantity, "default 1")->check(CLI::PositiveNumber);
    add->add_option("--option", arguments.add.options, "an option to go with it; may be repeated")->allow_extra_args(false);
    add->add_flag("--cheapest", arguments.add.cheapest, "and the cheapest option of each mandatory family");
    add->add_option("--to", arguments.add.parent, "the item that the plan is an option of");
    add_range_option(add, arguments);
    on(add, action, arguments, [&](Session& session, const client::Console& console) {
        arguments.add.product = arguments.range;
        client::add_to_cart(session.api, console, arguments.cart, arguments.add);
    });

    auto* configure = cli.add_subcommand("configure", "set labels of an item, in place of what they were; without any: show them");
    configure->add_option("cart", arguments.cart)->required();
    configure->add_option("item", arguments.item)->required();
    configure->add_option("settings", arguments.settings, "LABEL=VALUE …");
    on(configure, action, arguments, [&](Session& session, const client::Console& console) {
        client::configure_item(session.api, console, arguments.cart, arguments.item, client::labels_of(arguments.settings));
    });

    auto* assign = cli.add_subcommand("assign", "make a cart yours; harmless if it is");
    assign->add_option("cart", arguments.cart)->required();
    on(assign, action, arguments, [&](Session& session, const client::Console& console) {
        session.api.assign(arguments.cart);
        client::print_cart(session.api.cart(arguments.cart), console);
    });

    auto* preview = cli.add_subcommand("preview", "what a cart costs at first and afterwards, and what it still needs");
    preview->add_option("cart", arguments.cart)->required();
    on(preview, action, arguments,
        [&](Session& session, const client::Console& console) { client::preview_cart(session.api, console, arguments.cart); });

    auto* checkout = cli.add_subcommand("checkout", "order a cart, after its dry run was agreed to");
    checkout->add_option("cart", arguments.cart)->required();
    add_payment_options(checkout, arguments);
    on(checkout, action, arguments, [&](Session& session, const client::Console& console) {
        client::Purchase purchase{session.api, console, client::journal_of(arguments), client::follow_terms(arguments)};
        return purchase.checkout(arguments.cart, client::wish_of(arguments), client::decisions_of(arguments));
    });
}

void add_dedicated(CLI::App* order, Action& action, Arguments& arguments)
{
    auto* dedicated = order->add_subcommand("dedicated", "the whole way from a plan to a server; may be interrupted anywhere and resumed");
    dedicated->add_option("plan", arguments.plan);
    add_term_options(dedicated, arguments);
    dedicated->add_option("--quantity", arguments.add.quantity, "default 1")->check(CLI::PositiveNumber);
    dedicated->add_option("--option", arguments.add.options, "an option; may be repeated")->allow_extra_args(false);
    dedicated->add_flag("--cheapest", arguments.add.cheapest, "take the cheapest option of each mandatory family that is not chosen");
    dedicated->add_option("--set", arguments.settings, "LABEL=VALUE; may be repeated")->allow_extra_args(false);
    add_range_option(dedicated, arguments);
    add_payment_options(dedicated, arguments);
    dedicated->add_flag("--another", arguments.another, "also if an order of the same plan is under way");
    dedicated->add_option("--resume", arguments.resume, "go on with a purchase; without its id: with the only one that has not ended")
        ->expected(0, 1);
    dedicated->callback([&, dedicated] {
        arguments.resuming = dedicated->get_option("--resume")->count() > 0;
        action = [&](const client::Console& console) { return order_dedicated(arguments, console); };
    });
}

void add_orders(CLI::App& cli, Action& action, Arguments& arguments)
{
    auto* order = cli.add_subcommand("order", "orders")->require_subcommand(1);
    auto* list = order->add_subcommand("list", "your newest orders");
    list->add_option("--since", arguments.since, "only later ones: 2026-11-24 or 2026-11-24T12:00:00Z");
    list->add_option("--limit", arguments.limit, "default 20")->check(CLI::Range(1, 10'000));
    on(list, action, arguments, [&](Session& session, const client::Console& console) {
        client::list_orders(session.api, console, arguments.since, arguments.limit);
    });
    auto* show = order->add_subcommand("show", "an order with its lines, servers and history");
    show->add_option("order", arguments.order)->required();
    on(show, action, arguments,
        [&](Session& session, const client::Console& console) { client::show_order(session.api, console, arguments.order); });
    auto* follow = order->add_subcommand("follow", "tell what happens to an order until it is delivered or needs somebody");
    follow->add_option("order", arguments.order)->required();
    follow->add_flag("--once", arguments.once, "look once; the exit status tells");
    follow->add_option("--wait", arguments.wait_s, "wait at most so many seconds; default: until it ends")->check(CLI::NonNegativeNumber);
    on(follow, action, arguments, [&](Session& session, const client::Console& console) {
        if (arguments.once) return client::show_order(session.api, console, arguments.order);
        const auto exit = client::follow_order(session.api, console, arguments.order, client::follow_terms(arguments));
        client::show_order(session.api, console, arguments.order);
        return exit;
    });
    auto* pay = order->add_subcommand("pay", "pay an order, with just what is said");
    pay->add_option("order", arguments.order)->required();
    auto* method = pay->add_option("--method", arguments.payment.method, "id of a payment method");
    auto* preferred = pay->add_flag("--preferred", arguments.payment.preferred, "the preferred payment method")->excludes(method);
    auto* mean = pay->add_option("--mean", arguments.payment.mean, "a payment mean of the older kind: CREDIT_CARD, fidelityAccount, …");
    mean->excludes(method)->excludes(preferred);
    pay->add_option("--mean-id", arguments.payment.mean_id, "which of that mean")->needs(mean);
    on(pay, action, arguments, [&](Session& session, const client::Console& console) {
        return client::pay_order(session.api, console, arguments.order, arguments.payment);
    });
    add_dedicated(order, action, arguments);
}

std::string endpoint_names()
{
    std::string names;
    for (const auto& endpoint : client::endpoints()) names += std::string{endpoint.name} + ", ";
    return names;
}

void add_global_options(CLI::App& cli, Arguments& arguments)
{
    cli.add_option("--endpoint", arguments.endpoint, endpoint_names() + "or a URL such as https://billing.example.net/1.0");
    cli.add_option("--config", arguments.config, "read this file instead of /etc/ovh.conf, ~/.ovh.conf and ./ovh.conf");
    cli.add_option("--ca-file", arguments.ca_file, "PEM file of who may vouch for the server; also OVH_CA_FILE");
    cli.add_option("--subsidiary", arguments.subsidiary, "FR, DE, CH, …; default: that of your account");
    cli.add_option("--journal", arguments.journal, "folder of the purchases; default: ~/.local/state/ovh-order");
    cli.add_option("--timeout", arguments.timeout_s, "seconds for one call; default 30")->check(CLI::Range(1, 600));
    auto* json = cli.add_flag("--json", arguments.json, "JSON also on a terminal");
    cli.add_flag("--table", arguments.table, "tables also elsewhere")->excludes(json);
    cli.add_flag("--verbose", arguments.verbose, "tell each call");
}

} // namespace

int main(int argc, char** argv)
try {
    CLI::App cli{"Orders servers by the OVH API, at OVH or wherever it is spoken.", "ovh-order"};
    cli.set_version_flag("--version", "ovh-order " + app::version);
    cli.require_subcommand(1)->fallthrough();
    cli.footer(exit_codes);
    Arguments arguments;
    Action action;
    add_global_options(cli, arguments);
    add_login(cli, action, arguments);
    add_catalogue(cli, action, arguments);
    add_carts(cli, action, arguments);
    add_cart_steps(cli, action, arguments);
    add_orders(cli, action, arguments);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    const auto console = client::program_console(arguments.json, arguments.table);
    try {
        return static_cast<int>(action(console));
    } catch (const Failure& failure) {
        std::cout.flush();
        return client::report(failure, console);
    }
} catch (const std::exception& error) {
    std::cerr << "ovh-order: " << error.what() << '\n';
    return static_cast<int>(Exit::refused);
}
