#include "document/invoice_notes.h"
#include "domain/vat_rates.h"
#include "vectors/json_diff.h"
#include "vectors/kind.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

// {"cases": [{"id", "input": {customer, period, net}, "expect": {"treatment", "lines"}}]}: how customers are taxed;
// {"rates": {name: [{"from", "to", "bp"}]}}: rates by country, or of Switzerland by class; {"notes": {name: {language: words}}}.
// Days are inclusive on both ends, `to` null is open.
namespace vectors {
namespace {

using domain::Day;

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

std::string member(json_t* object, const char* name)
{
    auto* text = json_object_get(object, name);
    return json_is_string(text) ? std::string{json_string_value(text), json_string_length(text)} : std::string{};
}

Day day_of(json_t* object, const char* name)
{
    const auto date = domain::date_from(member(object, name));
    if (!date) throw std::invalid_argument{"there is no day " + member(object, name)};
    return *date;
}

std::string inclusive(Day end) { return domain::to_text(domain::Date{end - std::chrono::days{1}}); }

// Rates

/// A file that names its rates by class is the Swiss one.
bool is_class(std::string_view name) { return name == "normal" || name == "reduced" || name == "lodging"; }

std::vector<domain::VatRateFact> facts_of(json_t* content)
{
    std::vector<domain::VatRateFact> facts;
    const char* name = nullptr;
    json_t* rows = nullptr;
    json_object_foreach(json_object_get(content, "rates"), name, rows)
    {
        std::size_t index = 0;
        json_t* row = nullptr;
        json_array_foreach(rows, index, row)
        {
            domain::VatRateFact fact{.country = is_class(name) ? "CH" : name, .vat_class = is_class(name) ? name : "standard"};
            if (fact.vat_class == "normal") fact.vat_class = "standard";
            fact.from = day_of(row, "from");
            fact.rate = {static_cast<int>(json_integer_value(json_object_get(row, "bp")))};
            facts.push_back(fact);
        }
    }
    return facts;
}

void check_row(std::vector<std::string>& faults, const domain::VatHistory& history, json_t* row, json_t* next)
{
    const domain::VatRate rate{static_cast<int>(json_integer_value(json_object_get(row, "bp")))};
    const bool is_open = !json_is_string(json_object_get(row, "to"));
    const auto last = is_open ? domain::never : day_of(row, "to");
    for (const auto day : {day_of(row, "from"), last})
        if (history.rate_on(day) != rate)
            faults.push_back("on " + domain::to_text(domain::Date{day}) + ": expected " + domain::percent_text(rate) + ", got "
                + domain::percent_text(history.rate_on(day)));
    if (is_open || (next && json_integer_value(json_object_get(next, "bp")) != rate.basis_points)) {
        const auto change = is_open ? domain::never : last + std::chrono::days{1};
        if (history.next_change(day_of(row, "from")) != change)
            faults.push_back("after " + member(row, "from") + " another rate holds from "
                + domain::to_text(domain::Date{history.next_change(day_of(row, "from"))}));
    }
}

bool knows_rates(const fs::path&, json_t* content)
{
    auto* rates = json_object_get(content, "rates");
    auto* first = json_array_get(json_object_iter_value(json_object_iter(rates)), 0);
    return json_is_integer(json_object_get(first, "bp")) && json_is_string(json_object_get(first, "from"));
}

std::vector<Outcome> play_rates(const fs::path& file, json_t* content, const fs::path&)
{
    const domain::VatRates rates{facts_of(content)};
    std::vector<Outcome> outcomes;
    const char* name = nullptr;
    json_t* rows = nullptr;
    json_object_foreach(json_object_get(content, "rates"), name, rows)
    {
        Outcome outcome{file.string() + ' ' + name, {}};
        const std::string vat_class{is_class(name) && std::string_view{name} != "normal" ? name : "standard"};
        const auto& history = rates.of(is_class(name) ? "CH" : name, vat_class);
        std::size_t index = 0;
        json_t* row = nullptr;
        json_array_foreach(rows, index, row) check_row(outcome.faults, history, row, json_array_get(rows, index + 1));
        if (history.rate_on(day_of(json_array_get(rows, 0), "from") - std::chrono::days{1}) != domain::VatRate{})
            outcome.faults.push_back("a rate before the first one");
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

// Cases

/// The rates beside the cases; where there are none, those of our own vectors.
domain::VatRates rates_beside(const fs::path& file)
{
    std::vector<domain::VatRateFact> facts;
    for (const char* name : {"ch-rates.json", "eu-standard-rates.json"}) {
        auto path = file.parent_path() / name;
        if (!fs::exists(path)) path = fs::path{"tests/vectors/data/swiss/vat"} / name;
        const Json content{json_load_file(path.c_str(), 0, nullptr)};
        if (!content) throw std::runtime_error{"no rates in " + path.string()};
        for (auto& fact : facts_of(content.get())) facts.push_back(std::move(fact));
    }
    return domain::VatRates{facts};
}

domain::VatCustomer customer_of(json_t* input)
{
    domain::VatCustomer customer{.country = member(input, "country"), .postcode = member(input, "postcode")};
    customer.kind = domain::customer_kind_from(member(input, "kind"));
    if (json_is_string(json_object_get(input, "vat_status"))) customer.vat_id = domain::vat_id_state_from(member(input, "vat_status"));
    return customer;
}

json_t* line_of(const domain::VatDecision& decision, const domain::VatPart& part)
{
    auto* line = json_pack("{s:s, s:s, s:i, s:I, s:I}", "from", domain::to_text(domain::Date{part.days.start}).c_str(), "to",
        inclusive(part.days.end).c_str(), "rate_bp", part.rate.basis_points, "net_minor", static_cast<json_int_t>(part.net), "tax_minor",
        static_cast<json_int_t>(part.tax));
    if (decision.is_taxed()) json_object_set_new(line, "days", json_integer(domain::days_in(part.days)));
    return line;
}

json_t* answer_to(json_t* input, const domain::VatRates& rates)
{
    const auto decision = domain::decide_vat(customer_of(input), json_is_true(json_object_get(input, "oss")));
    const domain::Period days{day_of(input, "from"), day_of(input, "to") + std::chrono::days{1}};
    const auto net = json_integer_value(json_object_get(input, "net_minor"));
    auto* lines = json_array();
    for (const auto& part : domain::vat_parts(decision, rates, domain::standard_rate, days, net))
        json_array_append_new(lines, line_of(decision, part));
    auto* answer =
        json_pack("{s:s%, s:o}", "treatment", to_text(decision.treatment).data(), to_text(decision.treatment).size(), "lines", lines);
    const auto note = to_text(decision.note);
    json_object_set_new(answer, "note", note.empty() ? json_null() : json_stringn(note.data(), note.size()));
    if (const auto flag = to_text(decision.flag); !flag.empty())
        json_object_set_new(answer, "flag", json_stringn(flag.data(), flag.size()));
    if (decision.treatment == domain::VatTreatment::eu_oss)
        json_object_set_new(answer, "member_state", json_string(decision.country.c_str()));
    return answer;
}

bool knows_cases(const fs::path&, json_t* content)
{
    auto* first = json_array_get(json_object_get(content, "cases"), 0);
    return json_is_integer(json_object_get(json_object_get(first, "input"), "net_minor"))
        && json_is_string(json_object_get(json_object_get(first, "expect"), "treatment"));
}

std::vector<Outcome> play_cases(const fs::path& file, json_t* content, const fs::path&)
{
    const auto rates = rates_beside(file);
    std::vector<Outcome> outcomes;
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, "cases"), index, vector)
    {
        Outcome outcome{file.string() + ' ' + member(vector, "id"), {}};
        try {
            const Json answer{answer_to(json_object_get(vector, "input"), rates)};
            outcome.faults = differences(json_object_get(vector, "expect"), answer.get());
        } catch (const std::exception& error) {
            outcome.faults.push_back(error.what());
        }
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

// Notes

std::optional<std::string_view> wording(const std::string& name, std::string_view language)
{
    if (name == "vat_number_suffix") return document::vat_number_suffix(language);
    try {
        return document::note_wording(domain::vat_note_from(name), language);
    } catch (const std::domain_error&) {
        return std::nullopt;
    }
}

bool knows_notes(const fs::path&, json_t* content)
{
    auto* first = json_object_iter_value(json_object_iter(json_object_get(content, "notes")));
    return json_is_string(json_object_get(first, "de")) || json_is_string(json_object_get(first, "en"));
}

std::vector<Outcome> play_notes(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    const char* name = nullptr;
    json_t* words = nullptr;
    json_object_foreach(json_object_get(content, "notes"), name, words)
    {
        const char* language = nullptr;
        json_t* expected = nullptr;
        json_object_foreach(words, language, expected)
        {
            Outcome outcome{file.string() + ' ' + name + ' ' + language, {}};
            const auto actual = wording(name, language);
            if (!actual) outcome.faults.push_back("there is no such note");
            else if (*actual != member(words, language)) outcome.faults.push_back("got \"" + std::string{*actual} + '"');
            outcomes.push_back(std::move(outcome));
        }
    }
    return outcomes;
}

} // namespace

const Kind vat_rates{knows_rates, play_rates};
const Kind vat_cases{knows_cases, play_cases};
const Kind vat_notes{knows_notes, play_notes};

} // namespace vectors
