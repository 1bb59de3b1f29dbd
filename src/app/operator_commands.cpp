#include "app/operator_commands.h"

#include "api/answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "gateway/stripe_payments.h"
#include "service/administration.h"
#include "service/undelivered_orders.h"
#include "store/migration_store.h"

#include <soci/soci.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace app {
namespace {

std::optional<std::string> checked_day(const std::string& text, const char* option)
{
    if (text.empty()) return std::nullopt;
    if (!domain::date_from(text)) throw std::invalid_argument{std::string{option} + " must be a day, YYYY-MM-DD"};
    return text;
}

domain::UnitPrice unit_price_of(const std::string& text, domain::Currency currency)
{
    const auto equals = text.find('=');
    domain::UnitPrice price{.unit = text.substr(0, equals), .setup = {0, currency}, .recurring = {0, currency}};
    const bool known = price.unit == "core" || price.unit == "ram_half_gb" || price.unit == "ssd_gb" || price.unit == "gib";
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(equals == std::string::npos ? end : text.data() + equals + 1, end, price.recurring.minor);
    if (!known || error != std::errc{} || stop != end || price.recurring.minor < 0)
        throw std::invalid_argument{"--unit must be core, ram_half_gb, ssd_gb or gib, =, and an amount in minor units: " + text};
    return price;
}

} // namespace

struct OperatorCommands::Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

OperatorCommands::OperatorCommands(std::ostream& out) : out_{out} {}

OperatorCommands::~OperatorCommands() = default;

OperatorCommands::Parts& OperatorCommands::parts()
{
    if (!parts_) parts_ = std::make_unique<Parts>();
    return *parts_;
}

void OperatorCommands::migrate(bool dry_run)
{
    store::MigrationStore migrations{parts().app.database};
    const auto pending = migrations.pending(store::read_migrations(parts().app.config.share + "/migrations"));
    for (const auto& migration : pending) {
        out_ << (dry_run ? "would apply " : "applying ") << migration.name << std::endl;
        if (!dry_run) migrations.apply(migration);
    }
    if (pending.empty()) out_ << "the schema is up to date at " << migrations.version() << '\n';
    if (!dry_run) parts().app.keep_issuer();
}

void OperatorCommands::load_demo()
{
    if (parts().app.config.mode != Mode::sandbox) throw std::invalid_argument{"the demo is for a sandbox; this is production"};
    for (const auto& script : store::read_migrations(parts().app.config.share + "/demo")) {
        parts().app.database.transact([&](store::Session& session) {
            for (const auto& statement : store::statements_of(script.text)) session.sql() << statement;
        });
        out_ << "loaded " << script.name << '\n';
    }
}

void OperatorCommands::show_member(const std::string& username)
{
    const auto detail = parts().administration.member(username);
    auto methods = http::JsonText::array();
    for (const auto& method : detail.methods) methods.push(api::json_of(method));
    auto orders = http::JsonText::array();
    for (const auto& order : detail.orders) orders.push(api::json_of(order));
    out_ << api::json_of(detail.member).set("payment_methods", methods).set("orders", orders).dump() << '\n';
}

void OperatorCommands::list_applications()
{
    store::Table table{.columns = {"id", "username", "name", "requested_at"}, .numeric = {false, false, false, false}};
    for (const auto& [method, uid, name] : parts().administration.applications(1000))
        table.rows.push_back({method.uuid.text(), uid, name, domain::to_text(method.created_at)});
    out_ << api::plain_of(table);
}

void OperatorCommands::approve(const std::string& name, std::optional<int> days)
{
    const auto uuid = domain::Uuid::parse(name);
    parts().app.database.transact([&](store::Session& session) {
        if (uuid) parts().administration.approve(session, *uuid, days, operator_name());
        else parts().administration.approve_member(session, name, days, operator_name());
    });
    out_ << "approved " << name << '\n';
}

void OperatorCommands::set_payment_days(const std::string& username, const std::string& days)
{
    const auto given = days == "default" ? std::nullopt : std::optional{std::stoi(days)};
    parts().app.database.transact(
        [&](store::Session& session) { parts().administration.set_payment_days(session, username, given, operator_name()); });
    out_ << username << ": " << (given ? days + " days" : "as many days as everybody") << " to pay\n";
}

void OperatorCommands::set_price(const PriceArguments& arguments)
{
    const auto currency = *domain::currency_from(arguments.currency);
    const auto from = checked_day(arguments.from, "--from");
    service::NewPrice price{.sku = arguments.sku,
        .currency = currency,
        .price = {.valid_from = from ? *domain::date_from(*from) : parts().app.clock->today(),
            .setup = {arguments.setup, currency},
            .recurring = {arguments.recurring, currency}}};
    for (const auto& unit : arguments.units) price.price.units.push_back(unit_price_of(unit, currency));
    parts().app.database.transact([&](store::Session& session) { parts().administration.set_price(session, price, operator_name()); });
    out_ << arguments.sku << " has a new price from " << domain::to_text(price.price.valid_from) << '\n';
}

void OperatorCommands::list_jobs(const std::string& state, const std::string& format)
{
    store::Table table{.columns = {"id", "kind", "target", "state", "attempts", "not_before", "last_error"},
        .numeric = {true, false, false, false, true, false, false}};
    for (const auto& job : parts().administration.jobs(state, 100))
        table.rows.push_back({std::to_string(job.id), job.kind, job.target, job.state, std::to_string(job.attempts),
            domain::to_text(job.not_before), job.last_error});
    if (format == "json") out_ << api::json_of(table).dump() << '\n';
    else out_ << api::plain_of(table);
}

void OperatorCommands::show_job(std::int64_t id)
{
    const auto [job, machine, steps] = parts().administration.job(id);
    out_ << api::json_of(job)
                .set("machine", machine ? api::json_of(*machine) : http::JsonText::null())
                .set("steps", api::json_of(steps))
                .dump()
         << '\n';
}

void OperatorCommands::give_up_order(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of an order: " + text};
    auto& [app, administration] = parts();
    gateway::StripeTransport stripe{app.config.stripe};
    const auto gateway = gateway::make_stripe_payments(stripe);
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::UndeliveredOrders undelivered{
        app.database, *app.clock, corrections, refunds, std::chrono::days{app.config.provisioning.give_up_days}};
    app.database.transact([&](store::Session& session) { undelivered.give_up(session, *uuid, operator_name()); });
    out_ << "order " << uuid->text() << " is given up; what was paid for it goes back\n";
}

void OperatorCommands::retry_job(std::int64_t id)
{
    parts().app.database.transact([&](store::Session& session) { parts().administration.retry_job(session, id, operator_name()); });
    out_ << "job " << id << " is queued again\n";
}

void OperatorCommands::list_reports()
{
    for (const auto& name : parts().administration.reports()) out_ << name << '\n';
}

void OperatorCommands::report(
    const std::string& name, const std::string& from, const std::string& to, const std::string& member, const std::string& format)
{
    const auto table = parts().administration.report(name,
        {.from = checked_day(from, "--from"),
            .to = checked_day(to, "--to"),
            .member = member.empty() ? std::nullopt : std::optional{member}});
    if (format == "csv") out_ << api::csv_of(table);
    else if (format == "json") out_ << api::json_of(table).dump() << '\n';
    else out_ << api::plain_of(table);
}

void OperatorCommands::check_config()
{
    parts();
    out_ << "the configuration can be used\n";
}

int exit_status_of(const std::exception& error)
{
    if (dynamic_cast<const std::invalid_argument*>(&error)) return 2;
    if (dynamic_cast<const domain::Unavailable*>(&error)) return 6;
    const auto* refusal = dynamic_cast<const domain::Refusal*>(&error);
    if (!refusal) return 1;
    switch (refusal->reason()) {
    case domain::Reason::not_found:
    case domain::Reason::unknown_product: return 4;
    case domain::Reason::price_exists:
    case domain::Reason::books_closed:
    case domain::Reason::reference_in_use:
    case domain::Reason::still_required:
    case domain::Reason::mail_state:
    case domain::Reason::snapshot_state:
    case domain::Reason::nothing_to_refund:
    case domain::Reason::nothing_to_pay_out:
    case domain::Reason::booking_decided:
    case domain::Reason::booking_differs: return 5;
    default: return 1;
    }
}

} // namespace app
