#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/code_text.h"
#include "domain/refusal.h"
#include "domain/vat_id.h"
#include "store/audit_store.h"
#include "store/member_store.h"
#include "store/vat_store.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <stdexcept>

namespace app {
namespace {

struct VatRateArguments {
    std::string country{};
    std::string vat_class{"standard"};
    std::string from{}; ///< YYYY-MM-DD
    std::string percent{};
    std::string source{};
    bool past{false}; ///< the day may have been: a fact that was missing
};

/// "8.1", "25.5" in hundredths of a percent; nullopt if it is no rate below 100 %.
std::optional<int> basis_points_from(const std::string& percent)
{
    const auto point = percent.find('.');
    const auto whole = percent.substr(0, point);
    auto fraction = point == std::string::npos ? std::string{"00"} : percent.substr(point + 1);
    if (fraction.size() == 1) fraction += '0';
    if (!domain::all_digits(whole) || whole.size() > 2 || !domain::all_digits(fraction) || fraction.size() != 2) return std::nullopt;
    return std::stoi(whole) * 100 + std::stoi(fraction);
}

domain::VatRateFact fact_of(const VatRateArguments& arguments)
{
    const auto country = domain::compact_upper(arguments.country);
    if (country != "CH" && !domain::is_member_state(country))
        throw std::invalid_argument{
            "country must be CH or a member state of the EU as VAT ids name it (Greece is EL): " + arguments.country};
    const auto from = domain::date_from(arguments.from);
    if (!from) throw std::invalid_argument{"--from must be a day, YYYY-MM-DD: " + arguments.from};
    const auto basis_points = basis_points_from(arguments.percent);
    if (!basis_points) throw std::invalid_argument{"--rate must be percents such as 8.1 or 25.5: " + arguments.percent};
    return {country, arguments.vat_class, *from, {*basis_points}, arguments.source};
}

/// Adds a rate. What is billed already keeps its own.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal price_exists, price_in_the_past
void add_vat_rate(std::ostream& out, const VatRateArguments& arguments)
{
    App app{"uncloud"};
    const auto fact = fact_of(arguments);
    const auto name = fact.vat_class + " rate of " + fact.country;
    if (!arguments.past && fact.from <= domain::Day{app.clock->today()})
        throw domain::Refusal{domain::Reason::price_in_the_past,
            "the day has begun: what is billed keeps its rate, and is to be corrected by credit notes; with --past the rate is added all "
            "the same"};
    app.database.transact([&](store::Session& session) {
        if (!store::VatStore{session}.add_rate(fact))
            throw domain::Refusal{domain::Reason::price_exists, "there is a " + name + " from " + arguments.from + " already"};
        store::AuditStore{session}.add({.at = app.clock->now(),
            .actor = operator_name(),
            .action = "vat_rate.add",
            .subject = fact.country + ' ' + fact.vat_class,
            .detail = domain::percent_text(fact.rate) + " % from " + arguments.from + ": " + fact.source});
    });
    out << "the " << name << " is " << domain::percent_text(fact.rate) << " % from " << arguments.from << '\n';
}

/// Lets the worker ask VIES about the member's VAT id at once. @throws domain::Refusal not_found
void ask_about_vat_id(std::ostream& out, const std::string& username)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        const auto member = store::MemberStore{session}.id_of(username);
        if (!member || !store::VatStore{session}.hasten(*member, app.clock->now()))
            throw domain::Refusal{domain::Reason::not_found, username + " has no VAT id that VIES could be asked about"};
        store::AuditStore{session}.add(
            {.at = app.clock->now(), .actor = operator_name(), .action = "vat_id.ask", .subject = username, .detail = ""});
    });
    out << "VIES is asked about the VAT id of " << username << '\n';
}

/// The rates, of one country or of all.
void list_vat_rates(std::ostream& out, const std::string& country)
{
    App app{"uncloud"};
    const auto wanted = domain::compact_upper(country);
    store::Table table{.columns = {"country", "class", "from", "percent", "source"}, .numeric = {false, false, false, true, false}};
    const auto facts = app.database.read([](store::Session& session) { return store::VatStore{session}.rates(); });
    for (const auto& fact : facts)
        if (wanted.empty() || fact.country == wanted)
            table.rows.push_back(
                {fact.country, fact.vat_class, domain::to_text(domain::Date{fact.from}), domain::percent_text(fact.rate), fact.source});
    out << api::plain_of(table);
}

} // namespace

void add_vat_commands(CLI::App& cli, std::ostream& out)
{
    static VatRateArguments added;
    static std::string country, username;

    auto* vat = cli.add_subcommand("vat", "value added tax")->require_subcommand(1);
    auto* ask = vat->add_subcommand("ask", "let the worker ask VIES about a member's VAT id at once");
    ask->add_option("username", username)->required();
    ask->callback([&out] { ask_about_vat_id(out, username); });
    auto* rate = vat->add_subcommand("rate", "the rates, Swiss and of the EU's member states")->require_subcommand(1);
    auto* add = rate->add_subcommand("add", "a rate from a day on; what is billed keeps its own");
    add->add_option("country", added.country, "CH, or a member state as VAT ids name it")->required();
    add->add_option("--class", added.vat_class, "of supplies; abroad the standard one counts")
        ->check(CLI::IsMember({"standard", "reduced", "lodging"}));
    add->add_option("--from", added.from, "first day, YYYY-MM-DD")->required();
    add->add_option("--rate", added.percent, "percents, such as 8.1")->required();
    add->add_option("--source", added.source, "where it is written")->required();
    add->add_flag("--past", added.past, "the day may have been");
    add->callback([&out] { add_vat_rate(out, added); });
    auto* list = rate->add_subcommand("list", "all rates, or those of a country");
    list->add_option("country", country);
    list->callback([&out] { list_vat_rates(out, country); });
}

} // namespace app
