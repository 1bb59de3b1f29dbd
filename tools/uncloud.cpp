#include "app/api_key_commands.h"
#include "app/bank_commands.h"
#include "app/billing_commands.h"
#include "app/mail_commands.h"
#include "app/operator_commands.h"
#include "app/placement_commands.h"
#include "app/plan_commands.h"
#include "app/snapshot_commands.h"
#include "app/supplier_commands.h"
#include "app/vat_commands.h"
#include "app/version.h"
#include "app/vpn_commands.h"
#include "app/webhook_commands.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <optional>

namespace {

/// The commands, as the operator types them. What they do is in app/operator_commands.
void add_commands(CLI::App& cli, app::OperatorCommands& commands)
{
    static bool flag = false;
    static std::string name, from, to, username, format{"table"}, currency{"CHF"}, state, url;
    static std::optional<int> days;
    static std::vector<std::string> units;
    static std::int64_t number = 0, setup = 0, recurring = 0;

    auto* migrate = cli.add_subcommand("migrate", "bring the database's schema up to date");
    migrate->add_flag("--dry-run", flag, "only say what would be done");
    migrate->callback([&] { commands.migrate(flag); });

    auto* demo = cli.add_subcommand("demo", "data of the sandbox")->require_subcommand(1);
    demo->add_subcommand("load", "load the demo's prices; safe to repeat")->callback([&] { commands.load_demo(); });

    auto* member = cli.add_subcommand("member", "the members")->require_subcommand(1);
    auto* list = member->add_subcommand("list", "all members");
    list->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    list->callback([&] { commands.report("members", "", "", "", format); });
    auto* show = member->add_subcommand("show", "one member with payment methods and orders, as JSON");
    show->add_option("username", name)->required();
    show->callback([&] { commands.show_member(name); });
    auto* terms = member->add_subcommand("payment-days", "how many days a member's invoices give from now on");
    terms->add_option("username", name)->required();
    terms->add_option("days", state, "0 to 365, or default")->required()->check(CLI::Range(0, 365) | CLI::IsMember({"default"}));
    terms->callback([&] { commands.set_payment_days(name, state); });

    auto* approve = cli.add_subcommand("approve", "approve an application for payment on bill; without a name: list them");
    approve->add_option("application", name, "the member's username, or the application's id");
    approve->add_option("--days", days, "days to pay; default: as before")->check(CLI::Range(0, 365));
    approve->callback([&] { name.empty() ? commands.list_applications() : commands.approve(name, days); });

    auto* price = cli.add_subcommand("price", "the price list")->require_subcommand(1);
    auto* set = price->add_subcommand("set", "add a price that begins today or later; running orders keep theirs");
    set->add_option("sku", name)->required();
    set->add_option("--from", from, "first day, YYYY-MM-DD; default today");
    set->add_option("--currency", currency, "CHF or EUR")->check(CLI::IsMember({"CHF", "EUR"}));
    set->add_option("--setup", setup, "once, in minor units")->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--recurring", recurring, "per interval, in minor units")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--unit", units, "UNIT=MINOR per interval: core, ram_half_gb, ssd_gb, gib; may be repeated");
    set->callback([&] { commands.set_price({name, from, currency, setup, recurring, units}); });

    auto* job = cli.add_subcommand("job", "the worker's jobs")->require_subcommand(1);
    auto* jobs = job->add_subcommand("list", "the newest 100");
    jobs->add_option("--state", state)->check(CLI::IsMember({"queued", "leased", "done", "dead"}));
    jobs->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
    jobs->callback([&] { commands.list_jobs(state, format); });
    auto* one_job = job->add_subcommand("show", "one job with what it works on, as JSON");
    one_job->add_option("id", number)->required();
    one_job->callback([&] { commands.show_job(number); });
    auto* retry = job->add_subcommand("retry", "give a dead job a new start");
    retry->add_option("id", number)->required();
    retry->callback([&] { commands.retry_job(number); });

    auto* order = cli.add_subcommand("order", "the orders")->require_subcommand(1);
    auto* give_up = order->add_subcommand("give-up", "cancel an order that cannot be delivered, credit it and pay it back");
    give_up->add_option("uuid", name)->required();
    give_up->callback([&] { commands.give_up_order(name); });

    auto* report = cli.add_subcommand("report", "run sql/reports/NAME.sql; without a name: list them");
    report->add_option("name", name);
    report->add_option("--from", from, "first day, YYYY-MM-DD");
    report->add_option("--to", to, "day after the last, YYYY-MM-DD");
    report->add_option("--member", username, "a username, for reports on members");
    report->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    report->callback([&] { name.empty() ? commands.list_reports() : commands.report(name, from, to, username, format); });

    auto* webhook = cli.add_subcommand("webhook", "the card gateway's way to us")->require_subcommand(1);
    auto* registration = webhook->add_subcommand("register", "tell the gateway where we are, and keep the secret; safe to repeat");
    registration->add_option("--url", url, "default: base_url and /webhooks/stripe");
    registration->callback([] { app::register_webhook(std::cout, url); });

    auto* config = cli.add_subcommand("config", "the configuration")->require_subcommand(1);
    config->add_subcommand("check", "read it and say whether it can be used")->callback([&] { commands.check_config(); });
}

void add_mail_commands(CLI::App& cli)
{
    static std::string state, uuid, before, address;
    static std::vector<std::string> uuids;

    auto* mail = cli.add_subcommand("mail", "the mails to members")->require_subcommand(1);
    auto* list = mail->add_subcommand("list", "the newest 100");
    list->add_option("--state", state)->check(CLI::IsMember({"queued", "sending", "sent", "refused", "failed", "obsolete", "no_address"}));
    list->callback([] { app::list_mails(std::cout, state); });
    auto* show = mail->add_subcommand("show", "one mail, as JSON");
    show->add_option("uuid", uuid)->required();
    show->callback([] { app::show_mail(std::cout, uuid); });
    auto* retry = mail->add_subcommand("retry", "give mails that are refused, failed or no_address a new start");
    retry->add_option("uuid", uuids)->required();
    retry->callback([] { app::retry_mails(std::cout, uuids); });
    auto* drop = mail->add_subcommand("drop", "set aside what was queued before a day and did not go out, as before mail is switched on");
    drop->add_option("--before", before, "the first day whose mails stay, YYYY-MM-DD")->required();
    drop->callback([] { app::drop_mails(std::cout, before); });
    auto* test = mail->add_subcommand("test", "send a mail to an address, as [mail] says");
    test->add_option("address", address)->required();
    test->callback([] { app::send_test_mail(std::cout, address); });
}

/// The commands around dedicated servers.
void add_plan_commands(CLI::App& cli)
{
    static app::PlanPriceArguments price;
    static std::string currency{"CHF"}, code;
    const CLI::Range amount{std::int64_t{0}, std::int64_t{1'000'000'000}};
    const CLI::IsMember currencies{{"CHF", "EUR"}};

    auto* plan = cli.add_subcommand("plan", "dedicated servers and their options")->require_subcommand(1);
    auto* list = plan->add_subcommand("list", "all plans with their prices of today, in minor units without tax");
    list->add_option("--currency", currency, "CHF or EUR")->check(currencies);
    list->callback([] { app::list_plans(std::cout, currency); });

    auto* set = plan->add_subcommand("set", "add a price that begins today or later; carts and running orders keep theirs");
    set->add_option("code", price.code)->required();
    set->add_option("--from", price.from, "first day, YYYY-MM-DD; default today");
    set->add_option("--currency", price.currency, "CHF or EUR")->check(currencies);
    set->add_option("--mode", price.mode, "default, upfront12 …");
    set->add_option("--duration", price.duration, "a period of its billing: P1M, P1Y");
    set->add_option("--commitment", price.commitment, "months one is bound to it")->check(CLI::Range(0, 60));
    set->add_option("--setup", price.setup, "once, in minor units without tax")->check(amount);
    set->add_option("--recurring", price.recurring, "per period, in minor units without tax")->required()->check(amount);
    set->callback([] { app::set_plan_price(std::cout, price); });

    for (const bool sold : {false, true}) {
        auto* command = plan->add_subcommand(sold ? "sell" : "stop", sold ? "put a plan on sale again" : "sell a plan no more");
        command->add_option("code", code)->required();
        command->callback([sold] { app::sell_plan(std::cout, code, sold); });
    }
}

/// The commands around dedicated servers: our own, those of a supplier, and what goes wrong on purpose in a sandbox.
void add_server_commands(CLI::App& cli)
{
    static std::string name, plan, datacenter, state;

    auto* server = cli.add_subcommand("server", "the servers of our own stock")->require_subcommand(1);
    auto* add = server->add_subcommand("add", "a server that can be ordered");
    add->add_option("name", name)->required();
    add->add_option("plan", plan, "code of its plan")->required();
    add->add_option("--datacenter", datacenter, "where it stands, as the plan's dedicated_datacenter says it");
    add->callback([] { app::add_server(std::cout, name, plan, datacenter); });
    auto* list = server->add_subcommand("list", "all but the retired ones; what is wanted: uncloud report servers-wanted");
    list->add_option("--state", state)->check(CLI::IsMember({"free", "in_use", "to_wipe", "retired"}));
    list->callback([] { app::list_servers(std::cout, state); });
    auto* wiped = server->add_subcommand("wiped", "a server that was given back is clean, and can be ordered again");
    wiped->add_option("name", name)->required();
    wiped->callback([] { app::free_server(std::cout, name); });
    auto* retire = server->add_subcommand("retire", "take a server that nobody has out of the stock");
    retire->add_option("name", name)->required();
    retire->callback([] { app::retire_server(std::cout, name); });
}

void add_supplier_commands(CLI::App& cli)
{
    static std::string step, order;
    static bool held = false, accept_price = false, dry_run = false;
    static app::SettleArguments settled;

    auto* supplier = cli.add_subcommand("supplier", "servers that others deliver")->require_subcommand(1);
    auto* import = supplier->add_subcommand("import", "take the supplier's catalogue over, with our margin; safe to repeat");
    import->add_flag("--dry-run", dry_run, "only say what would be changed");
    import->callback([] { app::import_catalogue(std::cout, dry_run);
});
auto* orders = supplier->add_subcommand("orders", "the newest 200 that go to a supplier");
orders->add_option("--step", step)->check(CLI::IsMember({"new", "cart", "filled", "checkout_sent", "ordered", "delivered", "cancelled"}));
orders->add_flag("--held", held, "only those that wait for a decision");
orders->callback([] { app::list_supplies(std::cout, step, held); });
auto* show = supplier->add_subcommand("show", "one of them, as JSON");
show->add_option("order", order, "its UUID")->required();
show->callback([] { app::show_supply(std::cout, order); });
auto* retry = supplier->add_subcommand("retry", "let one that is held go on");
retry->add_option("order", order, "its UUID")->required();
retry->add_flag("--accept-price", accept_price, "whatever the supplier takes");
retry->callback([] { app::retry_supply(std::cout, order, accept_price); });
auto* settle = supplier->add_subcommand("settle", "say what became of one that is held");
settle->add_option("order", settled.order, "its UUID")->required();
settle->add_option("--supplier-order", settled.supplier_order, "it was bought: the number of the supplier's order");
settle->add_flag("--give-up", settled.give_up, "it is not delivered: the order is cancelled and credited");
settle->callback([] { app::settle_supply(std::cout, settled); });
} // namespace

void add_sandbox_commands(CLI::App& cli)
{
    static app::FaultArguments added;

    auto* sandbox = cli.add_subcommand("sandbox", "what only a sandbox can do")->require_subcommand(1);
    auto* fault = sandbox->add_subcommand("fault", "what goes wrong on purpose in its cart API")->require_subcommand(1);
    auto* add = fault->add_subcommand("add", "let calls, or deliveries, go wrong");
    add->add_option("kind", added.kind)
        ->required()
        ->check(CLI::IsMember({"refuse_before", "error_after_commit", "lost_answer", "hang", "slow_delivery", "cancel_order"}));
    add->add_option("--method", added.method, "default: any");
    add->add_option("--path", added.path, "below /1.0; * stands for anything");
    add->add_option("--percent", added.percent, "of the calls, or of the orders; default 100")->check(CLI::Range(1, 100));
    add->add_option("--times", added.times, "how often; default: always. Not for deliveries")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
    add->add_option("--seconds", added.seconds, "of a hang or a slow delivery")->check(CLI::Range(0, 86'400));
    add->add_option("--seed", added.seed, "the same seed, the same faults");
    add->callback([] { app::add_fault(std::cout, added); });
    fault->add_subcommand("list", "what goes wrong, and how often it did")->callback([] { app::list_faults(std::cout); });
    fault->add_subcommand("clear", "nothing goes wrong any more")->callback([] { app::clear_faults(std::cout); });
}

/// The commands around VAT.
void add_api_key_commands(CLI::App& cli)
{
    static std::string username;
    static std::int64_t id{0};

    auto* keys = cli.add_subcommand("api-key", "keys of the cart API")->require_subcommand(1);
    auto* list = keys->add_subcommand("list", "what may act for a member, and when it was used last");
    list->add_option("username", username)->required();
    list->callback([] { app::list_api_keys(std::cout, username); });
    auto* revoke = keys->add_subcommand("revoke", "end a key at once; --all: every key of the member, as when it leaves the directory");
    revoke->add_option("username", username)->required();
    auto* one = revoke->add_option("id", id, "as the list tells it");
    auto* every = revoke->add_flag("--all")->excludes(one);
    revoke->callback([one, every] {
        if (one->empty() && every->empty()) throw std::invalid_argument{"name the id of a key, or --all"};
        app::revoke_api_keys(std::cout, username, one->empty() ? std::nullopt : std::optional{id});
    });
    keys->add_subcommand("reseal", "seal all secrets under the current key; then the previous one can go")->callback([] {
        app::reseal_api_keys(std::cout);
    });
}

void add_vat_commands(CLI::App& cli)
{
    static app::VatRateArguments added;
    static std::string country, username;

    auto* vat = cli.add_subcommand("vat", "value added tax")->require_subcommand(1);
    auto* ask = vat->add_subcommand("ask", "let the worker ask VIES about a member's VAT id at once");
    ask->add_option("username", username)->required();
    ask->callback([] { app::ask_about_vat_id(std::cout, username); });
    auto* rate = vat->add_subcommand("rate", "the rates, Swiss and of the EU's member states")->require_subcommand(1);
    auto* add = rate->add_subcommand("add", "a rate from a day on; what is billed keeps its own");
    add->add_option("country", added.country, "CH, or a member state as VAT ids name it")->required();
    add->add_option("--class", added.vat_class, "of supplies; abroad the standard one counts")
        ->check(CLI::IsMember({"standard", "reduced", "lodging"}));
    add->add_option("--from", added.from, "first day, YYYY-MM-DD")->required();
    add->add_option("--rate", added.percent, "percents, such as 8.1")->required();
    add->add_option("--source", added.source, "where it is written")->required();
    add->add_flag("--past", added.past, "the day may have been");
    add->callback([] { app::add_vat_rate(std::cout, added); });
    auto* list = rate->add_subcommand("list", "all rates, or those of a country");
    list->add_option("country", country);
    list->callback([] { app::list_vat_rates(std::cout, country); });
}

void add_snapshot_commands(CLI::App& cli)
{
    static app::SnapshotListArguments list;
    static std::string uuid;

    auto* snapshot =
        cli.add_subcommand("snapshot", "members' snapshots; those that wait for you: uncloud report snapshots-amiss")->require_subcommand(1);
    auto* all = snapshot->add_subcommand("list", "the newest 100, also deleted ones");
    all->add_option("--state", list.state)
        ->check(
            CLI::IsMember({"requested", "freezing", "creating", "unknown", "ready", "restoring", "deleting", "deleted", "failed", "lost"}));
    all->add_option("--vm", list.machine, "uuid of a machine");
    all->add_option("--format", list.format, "table or json")->check(CLI::IsMember({"table", "json"}));
    all->callback([] { app::list_snapshots(std::cout, list); });
    auto* show = snapshot->add_subcommand("show", "one with its images and jobs, as JSON");
    show->add_option("uuid", uuid)->required();
    show->callback([] { app::show_snapshot(std::cout, uuid); });
    auto* retry = snapshot->add_subcommand("retry", "give what was given up of one a new start: its taking, restoring or deletion");
    retry->add_option("uuid", uuid)->required();
    retry->callback([] { app::retry_snapshot(std::cout, uuid); });
    snapshot->add_subcommand("sweep", "hold storage against the database now, as the worker does each hour, and tell what is amiss")
        ->callback([] { app::sweep_snapshots(std::cout); });
}

/// The commands around VPNs; `status` is what the program ends with.
void add_vpn_commands(CLI::App& cli, int& status)
{
    static app::VpnPoolArguments pool;
    static bool apply = false;

    auto* vpn = cli.add_subcommand("vpn", "IPv6 VPNs over WireGuard")->require_subcommand(1);
    auto* sync = vpn->add_subcommand("sync", "hold the server's peers against the database; exit status 1 if they differ");
    sync->add_flag("--apply", apply, "put them right: set what is missing, remove strays in our pools");
    sync->callback([&] { status = app::sync_vpn(std::cout, apply); });
    auto* pools = vpn->add_subcommand("pool", "the blocks of addresses that are given away as /48s")->require_subcommand(1);
    pools->add_subcommand("list", "all, in the order in which they are given away")->callback([] { app::list_vpn_pools(std::cout); });
    auto* add = pools->add_subcommand("add", "a block behind the WireGuard server; its first /48 stays yours");
    auto* change = pools->add_subcommand("change", "what members are told of the server");
    for (auto* command : {add, change}) {
        const bool is_new = command == add;
        command->add_option("name", pool.name)->required()->check([](const std::string& name) {
            return name.empty() || name.size() > 64 ? std::string{"1 to 64 characters"} : std::string{};
        });
        if (is_new) command->add_option("prefix", pool.prefix, "such as 2001:db8:100::/40")->required();
        command->add_option("--public-key", pool.public_key, "of the server: wg show INTERFACE public-key")->required(is_new);
        command->add_option("--endpoint", pool.endpoint, "where clients find it, HOST:PORT")->required(is_new);
        command->add_option("--dns", pool.dns, is_new ? "name servers for clients, ADDRESS,ADDRESS" : "name servers for clients, or none");
    }
    add->callback([] { app::add_vpn_pool(std::cout, pool); });
    change->callback([] { app::change_vpn_pool(std::cout, pool); });
}

/// The commands around billing; `status` is what the program ends with.
void add_billing_commands(CLI::App& cli, app::BillingCommands& commands, int& status)
{
    static app::RunArguments run;
    static app::CreditNoteArguments note;
    static app::GoodwillArguments credit;
    static app::RefundArguments refund;
    static std::string day, from, to, format{"hledger"}, username;

    auto* billing = cli.add_subcommand("run", "bill what is due up to a day, and recognise revenue");
    billing->add_option("--date", run.date, "the day, YYYY-MM-DD; default today");
    billing->add_flag("--dry-run", run.dry_run, "show what would be issued, write nothing");
    billing->add_option("--workers", run.workers, "threads; others may work on the same run elsewhere")->check(CLI::Range(1, 64));
    billing->callback([&] { status = commands.run(run); });

    auto* runs = cli.add_subcommand("runs", "the billing runs")->require_subcommand(1);
    runs->add_subcommand("list", "the newest 50")->callback([&] { commands.list_runs(); });
    runs->add_subcommand("errors", "members that could not be billed")->callback([&] { commands.list_errors(); });

    auto* credit_note = cli.add_subcommand("credit-note", "give back an invoice, a line of it, or a part of a line");
    credit_note->add_option("invoice", note.invoice, "its number")->required();
    credit_note->add_option("--line", note.line, "1-based; default: all lines")->check(CLI::Range(1, 100'000));
    credit_note->add_option("--amount", note.amount, "minor units of the line, as its price list counts; default: all that is left")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    credit_note->add_option("--reason", note.reason, "stands on the document")->required();
    credit_note->callback([&] { commands.issue_credit_note(note); });

    auto* give = cli.add_subcommand("credit", "give a member credit, without a document");
    give->add_option("username", credit.username)->required();
    give->add_option("--amount", credit.amount, "minor units")->required()->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    give->add_option("--currency", credit.currency, "default: the member's")->check(CLI::IsMember({"CHF", "EUR"}));
    give->add_option("--ref", credit.reference, "your own reference; credit is given once for each")->required();
    give->add_option("--reason", credit.reason)->required();
    give->callback([&] { commands.give_credit(credit); });

    auto* payments = cli.add_subcommand("payments", "what a member paid, with the ids that refunds need");
    payments->add_option("username", username)->required();
    payments->callback([&] { commands.list_payments(username); });

    auto* back = cli.add_subcommand("refund", "pay a member's credit back to where it came from");
    back->add_option("payment", refund.payment, "its id: uncloud payments USERNAME")->required();
    back->add_option("--amount", refund.amount, "minor units")->required()->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    back->add_option("--currency", refund.currency, "of the payment")->check(CLI::IsMember({"CHF", "EUR"}));
    back->add_option("--ref", refund.reference, "your own reference; one refund is made for each")->required();
    back->add_option("--reason", refund.reason)->required();
    back->add_option("--payee-name", refund.payee_name, "by bank; default: whoever paid");
    back->add_option("--payee-iban", refund.payee_iban, "by bank; default: the account it came from");
    back->callback([&] { commands.request_refund(refund); });

    auto* ledger = cli.add_subcommand("ledger", "the books")->require_subcommand(1);
    auto* journal = ledger->add_subcommand("export", "the journal for hledger, ledger or a spreadsheet");
    journal->add_option("--format", format, "hledger, ledger or csv")->check(CLI::IsMember({"hledger", "ledger", "csv"}));
    journal->add_option("--from", from, "first day, YYYY-MM-DD");
    journal->add_option("--to", to, "day after the last, YYYY-MM-DD");
    journal->callback([&] { commands.export_ledger(format, from, to); });
    auto* close = ledger->add_subcommand("close", "close the books: nothing is booked on or before the day any more");
    close->add_option("--through", day, "the last closed day, YYYY-MM-DD")->required();
    close->callback([&] { commands.close_books(day); });

    cli.add_subcommand("verify", "hold documents, chain, numbers, periods and ledger against each other")->callback([&] {
        status = commands.verify();
    });
}

/// The commands on where machines and their images are; `status` is what the program ends with.
void add_placement_commands(CLI::App& cli, app::PlacementCommands& commands, int& status)
{
    static app::ClusterArguments cluster;
    static app::PoolArguments pool;
    static app::HostArguments host;
    static app::ImageArguments image;
    static app::MachineArguments machine;
    static std::string format{"table"}, uuid;
    static bool apply = false;

    const auto group = [&](const char* name, const char* what) { return cli.add_subcommand(name, what)->require_subcommand(1); };
    const auto list = [](CLI::App* of, const char* what) {
        auto* command = of->add_subcommand("list", what);
        command->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
        return command;
    };
    const auto yes_or_no = CLI::IsMember({"yes", "no"});

    auto* clusters = group("cluster", "storage systems");
    list(clusters, "all of them")->callback([&] { commands.list_clusters(format); });
    const auto cluster_command = [&](const char* name, const char* what) {
        auto* command = clusters->add_subcommand(name, what);
        command->add_option("name", cluster.name)->required();
        command->add_option("--location", cluster.location, "local: a directory; rbd: a ceph.conf");
        command->add_option("--ceph-user", cluster.ceph_user, "of rbd, without \"client.\"; one that cannot blocklist");
        command->add_option("--enabled", cluster.enabled, "yes: new machines may come here")->check(yes_or_no);
        return command;
    };
    auto* add_cluster = cluster_command("add", "make one known");
    add_cluster->add_option("--driver", cluster.driver, "local or rbd")->check(CLI::IsMember({"local", "rbd"}));
    add_cluster->callback([&] { commands.add_cluster(cluster); });
    cluster_command("set", "change one; what is not given stays")->callback([&] { commands.set_cluster(cluster); });
    auto* remove_cluster = clusters->add_subcommand("remove", "forget one without pools and hosts");
    remove_cluster->add_option("name", cluster.name)->required();
    remove_cluster->callback([&] { commands.remove_cluster(cluster); });

    auto* pools = group("pool", "parts of clusters that hold images");
    list(pools, "all of them")->callback([&] { commands.list_pools(format); });
    const auto pool_command = [&](const char* name, const char* what) {
        auto* command = pools->add_subcommand(name, what);
        command->add_option("cluster", pool.cluster)->required();
        command->add_option("name", pool.name, "local: a folder below the cluster's directory, . is the directory itself")->required();
        command->add_option("--namespace", pool.pool_namespace, "of rbd");
        return command;
    };
    auto* add_pool = pool_command("add", "make one known");
    add_pool->add_option("--enabled", pool.enabled, "no: it takes no new images yet")->check(yes_or_no);
    add_pool->callback([&] { commands.add_pool(pool); });
    auto* set_pool = pool_command("set", "let one take new images, or no more");
    set_pool->add_option("--enabled", pool.enabled)->required()->check(yes_or_no);
    set_pool->callback([&] { commands.set_pool(pool); });
    pool_command("remove", "forget one without images; what lies in it stays")->callback([&] { commands.remove_pool(pool); });

    auto* hosts = group("host", "what runs machines");
    list(hosts, "all of them")->callback([&] { commands.list_hosts(format); });
    const auto host_command = [&](const char* name, const char* what) {
        auto* command = hosts->add_subcommand(name, what);
        command->add_option("cluster", host.cluster)->required();
        command->add_option("name", host.name)->required();
        command->add_option("--agent", host.agent, "how its guests are spoken to")->check(CLI::IsMember({"none", "qmp", "virsh"}));
        command->add_option("--endpoint", host.endpoint, "qmp: the folder of the sockets; virsh: a URI");
        command->add_option("--enabled", host.enabled, "yes: it takes new machines")->check(yes_or_no);
        return command;
    };
    host_command("add", "make one known")->callback([&] { commands.add_host(host); });
    host_command("set", "change one; what is not given stays")->callback([&] { commands.set_host(host); });
    auto* remove_host = hosts->add_subcommand("remove", "forget one on which no machine runs");
    remove_host->add_option("cluster", host.cluster)->required();
    remove_host->add_option("name", host.name)->required();
    remove_host->callback([&] { commands.remove_host(host); });

    auto* images = group("image", "disks of machines");
    auto* list_images = list(images, "of a machine, or the newest 100");
    list_images->add_option("--vm", uuid, "the machine's uuid");
    list_images->callback([&] { commands.list_images(uuid, format); });
    auto* add_image = images->add_subcommand("add", "say that an image that exists belongs to a machine: snapshots take it, too");
    add_image->add_option("vm", image.machine, "the machine's uuid")->required();
    add_image->add_option("--ordinal", image.ordinal, "1 and up; 0 is the one that the order sizes")->required()->check(CLI::Range(1, 100));
    add_image->add_option("--cluster", image.cluster)->required();
    add_image->add_option("--pool", image.pool)->required();
    add_image->add_option("--namespace", image.pool_namespace, "of rbd");
    add_image->add_option("--name", image.name, "in its pool")->required();
    add_image->add_option("--size", image.size_gib, "GiB")->required()->check(CLI::Range(1, 1'000'000));
    add_image->callback([&] { commands.add_image(image); });
    auto* remove_image = images->add_subcommand("remove", "forget that one belongs to a machine; its bytes stay");
    remove_image->add_option("vm", image.machine, "the machine's uuid")->required();
    remove_image->add_option("--ordinal", image.ordinal)->required()->check(CLI::Range(0, 100));
    remove_image->callback([&] { commands.remove_image(image); });

    auto* machines = group("vm", "machines");
    auto* set_machine = machines->add_subcommand("set", "say where a machine runs, and whether its guest may be frozen");
    set_machine->add_option("vm", machine.machine, "its uuid")->required();
    set_machine->add_option("--host", machine.host, "CLUSTER/NAME, or none");
    set_machine->add_option("--freeze", machine.freeze, "no: its guest hangs or crashes when it is frozen")->check(yes_or_no);
    set_machine->callback([&] { commands.set_machine(machine); });
    const auto machine_command = [&](const char* name, const char* what) {
        auto* command = machines->add_subcommand(name, what);
        command->add_option("vm", machine.machine, "its uuid")->required();
        return command;
    };
    machine_command("stop", "let its program stop it, until it is started")->callback([&] { commands.switch_machine(machine, false); });
    machine_command("start", "let its program start one that was stopped")->callback([&] { commands.switch_machine(machine, true); });
    machine_command("end", "take away what is left of one whose order is over")->callback([&] { commands.end_machine(machine); });
    auto* sync = machines->add_subcommand("sync", "hold storage, programs and hosts against the database; exit status 1: not all agree");
    sync->add_flag("--apply", apply, "put right what is safe to; nothing is made or removed");
    sync->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
    sync->callback([&] { status = commands.sync(apply, format); });
}

void add_bank_commands(CLI::App& cli, app::BankCommands& commands)
{
    static app::BankWorkArguments work;
    static app::BankDecisionArguments decision;
    static app::BankPayoutArguments payout;
    static std::vector<std::string> files;

    auto* bank = cli.add_subcommand("bank", "files of the bank, what they leave to decide, and payouts")->require_subcommand(1);
    auto* import = bank->add_subcommand("import", "take camt.053 and camt.054 files into the books; safe to repeat");
    import->add_option("file", files)->required();
    import->callback([&] { commands.import_files(files);
});

bank->add_subcommand("files", "the newest 50 files that were imported")->callback([&] { commands.list_files(); });

auto* list = bank->add_subcommand("work", "bookings that nobody can place but you, with proposals");
list->add_option("--state", work.state, "open (default), waiting, done, assigned, credited, refunded, offset or all")
    ->check(CLI::IsMember({"open", "waiting", "done", "assigned", "credited", "refunded", "offset", "all"}));
list->add_option("--limit", work.limit, "default 50")->check(CLI::Range(1, 100'000));
list->add_option("--format", work.format, "table, or json: an object a line")->check(CLI::IsMember({"table", "json"}));
list->callback([&] { commands.list_work(work); });

const auto decide = [&](const char* name, const char* what) {
    auto* command = bank->add_subcommand(name, what);
    command->add_option("booking", decision.booking, "its uuid: uncloud bank work")->required();
    return command;
};
decide("show", "one booking as JSON")->callback([&] { commands.show(decision.booking); });
auto* assign = decide("assign", "say what a booking belongs to");
assign->add_option("--invoice", decision.invoice, "its number");
assign->add_option("--member", decision.username, "the member's account: what it owes first, the rest is credit");
assign->add_option("--booking", decision.other, "the undecided booking that this one takes back");
assign->callback([&] { commands.assign(decision); });
auto* credit = decide("credit", "give a booking to a member's credit");
credit->add_option("username", decision.username)->required();
credit->callback([&] { commands.credit(decision); });
auto* refund = decide("refund", "send a booking's money back with the next payout file");
refund->add_option("--payee-name", decision.payee_name, "default: whoever paid");
refund->add_option("--payee-iban", decision.payee_iban, "default: the account it came from");
refund->callback([&] { commands.refund(decision); });

auto* pay = bank->add_subcommand("payout", "a pain.001 file of what is to be paid, one for each account of ours");
pay->add_option("--out", payout.out, "a new file, or a folder; default: standard output");
auto* again = pay->add_option("--again", payout.again, "the same payout once more, byte for byte; its uuid");
pay->add_flag("--list", payout.list, "the newest 50 payouts")->excludes(again);
pay->callback([&] { commands.pay_out(payout); });
} // namespace

} // namespace

/// The operator's command line. Exit status: 0 done, 1 refused, 2 usage, 4 not found, 5 conflict, 6 try again later.
int main(int argc, char** argv)
{
    CLI::App cli{"uncloud: the operator's tool of uncloud-billing"};
    cli.set_version_flag("--version", "uncloud " + app::version);
    cli.require_subcommand(1);
    app::OperatorCommands commands{std::cout};
    add_commands(cli, commands);
    add_mail_commands(cli);
    app::BillingCommands billing{std::cout, ::isatty(STDOUT_FILENO) == 1};
    int status = EXIT_SUCCESS;
    add_billing_commands(cli, billing, status);
    app::BankCommands bank{std::cout};
    add_bank_commands(cli, bank);
    add_plan_commands(cli);
    add_server_commands(cli);
    add_supplier_commands(cli);
    add_sandbox_commands(cli);
    add_vat_commands(cli);
    add_vpn_commands(cli, status);
    add_snapshot_commands(cli);
    add_api_key_commands(cli);
    app::PlacementCommands placement{std::cout};
    add_placement_commands(cli, placement, status);
    try {
        cli.parse(argc, argv);
        return status;
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "uncloud: " << error.what() << '\n';
        return app::exit_status_of(error);
    }
}
