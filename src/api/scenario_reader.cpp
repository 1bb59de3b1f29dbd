#include "api/scenario_reader.h"

#include "api/strict_json.h"
#include "domain/zone.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>

namespace api {
namespace {

using domain::Day;
using domain::Scenario;
using domain::ScenarioItem;

constexpr std::int64_t max_amount = 1'000'000'000;
constexpr std::int64_t max_unit_price = 10'000'000;
constexpr std::int64_t max_units = 100'000;
constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Document = std::unique_ptr<json_t, Release>;

/// The text with numbers that the library cannot hold replaced by such that it can: integers by the largest there is, which
/// is out of every range as well, other numbers by a shorter one, which is no integer either.
std::string with_bearable_numbers(std::string_view text)
{
    std::string bearable;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (in_string || (c != '-' && (c < '0' || c > '9'))) {
            if (c == '"') in_string = !in_string;
            const std::size_t length = in_string && c == '\\' ? 2 : 1;
            bearable += text.substr(i, length);
            i += length;
            continue;
        }
        const auto end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
        const auto number = text.substr(i, end - i);
        if (number.find_first_of(".eE") != std::string_view::npos) bearable += "0.5";
        else if (number.size() > 18) bearable += c == '-' ? "-9223372036854775807" : "9223372036854775807";
        else bearable += number;
        i = end;
    }
    return bearable;
}

class Reader {
public:
    Scenario read(json_t* document);

private:
    void read_top(StrictObject& top);
    void read_vat(const StrictValue& value);
    void read_dunning(const StrictValue& value);
    void read_item(const StrictValue& value);
    void read_recurring(StrictObject& fields, ScenarioItem& item);
    void check_requirements(const std::vector<StrictValue>& items) const;
    void read_step(const StrictValue& value);
    Day step_day(const StrictValue& at) const;
    std::string known_sku(const StrictValue& value) const;
    decltype(domain::Step::what) read_action(const std::string& action, const StrictValue& name, StrictObject& fields);
    domain::SubscribeStep read_subscribe(StrictObject& fields);
    domain::ChangeStep read_change(StrictObject& fields);
    domain::CancelStep read_cancel(StrictObject& fields);
    domain::PriceStep read_price(StrictObject& fields);

    Scenario scenario_{};
    domain::Zone zone_{*domain::Zone::named("UTC")};
    std::string currency_{};
    bool gross_prices_{false};
    bool without_vat_{false};
    std::map<std::string, domain::VatHistory> vat_{};
};

domain::Units map_of(const StrictValue& value, std::int64_t most)
{
    domain::Units map;
    for (const auto& [name, member] : value.members()) map[name] = member.integer(0, most);
    return map;
}

std::string choice(const StrictValue& value, std::initializer_list<const char*> choices)
{
    auto text = value.text();
    if (std::ranges::find(choices, text) == choices.end()) value.fail("bad_value", "is not one of the choices");
    return text;
}

std::string text_of(StrictObject& fields, const char* name)
{
    const auto value = fields.optional(name);
    return value ? value->text() : "";
}

bool flag(StrictObject& fields, const char* name, bool otherwise)
{
    const auto value = fields.optional(name);
    return value ? value->boolean() : otherwise;
}

std::int64_t number(StrictObject& fields, const char* name, std::int64_t least, std::int64_t most, std::int64_t otherwise)
{
    const auto value = fields.optional(name);
    return value ? value->integer(least, most) : otherwise;
}

domain::Units units(StrictObject& fields, const char* name, std::int64_t most)
{
    const auto value = fields.optional(name);
    return value ? map_of(*value, most) : domain::Units{};
}

std::optional<Day> day(StrictObject& fields, const char* name)
{
    const auto value = fields.optional(name);
    return value ? std::optional{value->day()} : std::nullopt;
}

Scenario Reader::read(json_t* document)
{
    StrictObject top{{document, ""}};
    const auto version = top.required("version");
    if (version.integer(-any, any) != 1) version.fail("bad_version", "must be 1");
    read_top(top);
    if (const auto vat = top.optional("vat")) read_vat(*vat);
    if (const auto dunning = top.optional("dunning")) read_dunning(*dunning);
    const auto items = top.required("catalogue").items();
    for (const auto& item : items) read_item(item);
    check_requirements(items);
    for (const auto& step : top.required("steps").items()) read_step(step);
    top.finish();
    return std::move(scenario_);
}

void Reader::read_top(StrictObject& top)
{
    const auto zone_field = top.optional("zone");
    const auto zone = domain::Zone::named(zone_field ? zone_field->text() : "Europe/Zurich");
    if (!zone) top.at("zone").fail("unknown_zone", "is not in the tz database");
    zone_ = *zone;

    const auto currency = top.optional("currency");
    currency_ = currency ? currency->text() : "CHF";
    const bool three_capitals = currency_.size() == 3 && std::ranges::all_of(currency_, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!three_capitals) currency->fail("bad_value", "must be three capital letters");
    if (const auto prices = top.optional("prices")) gross_prices_ = choice(*prices, {"net", "gross"}) == "gross";
    if (const auto customer = top.optional("customer_vat"))
        without_vat_ = choice(*customer, {"domestic", "reverse_charge", "export"}) != "domestic";
}

void Reader::read_vat(const StrictValue& value)
{
    for (const auto& [name, history] : value.members()) {
        std::vector<domain::VatHistory::Entry> entries;
        for (const auto& item : history.items()) {
            StrictObject fields{item};
            const auto from = fields.required("from");
            const domain::VatHistory::Entry entry{from.day(), {static_cast<int>(fields.required("rate").integer(0, 10'000))}};
            if (!entries.empty() && entry.from <= entries.back().from) from.fail("bad_value", "must be later than the one before");
            fields.finish();
            entries.push_back(entry);
        }
        vat_[name] = without_vat_ ? domain::VatHistory{} : domain::VatHistory{std::move(entries)};
    }
}

void Reader::read_dunning(const StrictValue& value)
{
    StrictObject fields{value};
    scenario_.payment_days = static_cast<int>(number(fields, "payment_days", 0, 365, 30));
    if (const auto stages = fields.optional("stages")) {
        for (const auto& item : stages->items()) {
            StrictObject stage{item};
            auto name = stage.required("name").text();
            const auto days = stage.required("days");
            const auto count = static_cast<int>(days.integer(0, 3650));
            if (!scenario_.ladder.empty() && count <= scenario_.ladder.back().days)
                days.fail("bad_value", "must be more than in the stage before");
            stage.finish();
            scenario_.ladder.push_back({std::move(name), count});
        }
    }
    fields.finish();
}

void Reader::read_item(const StrictValue& value)
{
    StrictObject fields{value};
    ScenarioItem item;
    const auto sku = fields.required("sku");
    item.item.sku = sku.text(1, 64);
    if (std::ranges::any_of(scenario_.catalogue, [&](const ScenarioItem& known) { return known.item.sku == item.item.sku; }))
        sku.fail("duplicate_sku", "is in the catalogue already");
    if (const auto currency = fields.optional("currency"); currency && currency->text() != currency_)
        currency->fail("bad_value", "must be the scenario's currency");
    if (const auto interval = fields.optional("interval")) {
        item.item.interval = domain::interval_from(interval->text());
        constexpr int longest[] = {366, 52, 120, 10}; // days, weeks, months, years
        if (!item.item.interval || item.item.interval->count > longest[static_cast<int>(item.item.interval->unit)])
            interval->fail("bad_value", "must be P1..366D, P1..52W, P1..120M or P1..10Y");
    }
    read_recurring(fields, item);
    item.prices.setup_minor = number(fields, "setup_rappen", 0, max_amount, 0);
    item.prices.setup_per = units(fields, "setup_per", max_unit_price);
    item.item.prices_include_vat = gross_prices_;
    if (const auto vat = fields.optional("vat")) {
        const auto known = vat_.find(vat->text());
        if (known == vat_.end()) vat->fail("unknown_vat", "is no class of `vat`");
        item.item.vat = known->second;
    }
    if (const auto tags = fields.optional("tags"))
        for (const auto& tag : tags->items()) item.item.tags.push_back(tag.text());
    if (const auto required = fields.optional("requires")) item.requires_sku = required->text();
    if (const auto below = fields.optional("requires_below_rappen")) {
        item.requires_below = below->integer(-any, any);
        if (!fields.has("requires")) below->fail("bad_value", "needs `requires`");
    }
    fields.finish();
    scenario_.catalogue.push_back(std::move(item));
}

/// The fields of which most are only for what recurs.
void Reader::read_recurring(StrictObject& fields, ScenarioItem& item)
{
    item.prices.recurring_minor = number(fields, "recurring_rappen", 0, max_amount, 0);
    item.prices.recurring_per = units(fields, "recurring_per", max_unit_price);
    item.trial_days = static_cast<int>(number(fields, "trial_days", 0, 3650, 0));
    if (const auto mode = fields.optional("billing"))
        item.item.mode = choice(*mode, {"advance", "arrears"}) == "arrears" ? domain::BillingMode::arrears : domain::BillingMode::advance;
    item.item.free_while = text_of(fields, "free_while");
    if (item.item.interval) return;
    for (const char* name : {"recurring_rappen", "recurring_per", "trial_days", "billing", "free_while"})
        if (fields.has(name)) fields.at(name).fail("bad_value", "is only for items with an interval");
}

void Reader::check_requirements(const std::vector<StrictValue>& items) const
{
    for (const auto& value : items)
        if (auto required = StrictObject{value}.optional("requires")) known_sku(*required);
}

std::string Reader::known_sku(const StrictValue& value) const
{
    auto sku = value.text();
    if (std::ranges::none_of(scenario_.catalogue, [&](const ScenarioItem& known) { return known.item.sku == sku; }))
        value.fail("unknown_sku", "is not in the catalogue");
    return sku;
}

/// A day, or an RFC 3339 instant that becomes the day which it has in the scenario's zone.
Day Reader::step_day(const StrictValue& at) const
{
    const auto text = at.text();
    if (text.size() == 10) return at.day();
    const bool whole_seconds = text.size() == 20 || text.size() == 25;
    const auto instant = whole_seconds && text[10] == 'T' ? domain::instant_from(text) : std::nullopt;
    if (!instant) at.fail("bad_value", "must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or an offset");
    const auto date = zone_.day_of(*instant);
    if (int{date.year()} < 1990 || int{date.year()} > 2100) at.fail("bad_value", "the year must be 1990..2100");
    return date;
}

void Reader::read_step(const StrictValue& value)
{
    StrictObject fields{value};
    const auto at = fields.required("at");
    domain::Step step{.day = step_day(at)};
    const auto action = fields.required("do");
    step.what = read_action(action.text(), action, fields);
    fields.finish();
    if (!scenario_.steps.empty() && step.day < scenario_.steps.back().day) at.fail("out_of_order", "is before the step before");
    scenario_.steps.push_back(std::move(step));
}

decltype(domain::Step::what) Reader::read_action(const std::string& action, const StrictValue& name, StrictObject& fields)
{
    const auto sub = [&] { return fields.required("sub").text(1, 64); };
    const auto amount = [&] { return fields.required("amount_rappen").integer(1, max_amount); };
    const auto ref = [&] { return text_of(fields, "ref"); };
    if (action == "subscribe") return read_subscribe(fields);
    if (action == "change") return read_change(fields);
    if (action == "cancel") return read_cancel(fields);
    if (action == "uncancel") return domain::UncancelStep{sub()};
    if (action == "pause") return domain::PauseStep{sub(), flag(fields, "credit", true)};
    if (action == "resume") return domain::ResumeStep{sub()};
    if (action == "price") return read_price(fields);
    if (action == "credit") return domain::CreditStep{amount(), ref()};
    if (action == "refund") return domain::RefundStep{amount(), ref()};
    if (action == "run") return domain::RunStep{day(fields, "through")};
    if (action == "pay") {
        domain::PayStep step{.amount = amount(), .ref = ref()};
        if (const auto invoice = fields.optional("invoice")) step.invoice = invoice->integer(-any, any);
        return step;
    }
    if (action == "credit_note") {
        domain::CreditNoteStep step{.invoice = fields.required("invoice").integer(-any, any), .ref = ref()};
        const auto line = fields.required("line").integer(-any, any);
        step.line = line >= 1 && line <= std::numeric_limits<int>::max() ? static_cast<int>(line) : 0; // 0: no such line
        if (const auto part = fields.optional("amount_rappen")) step.amount = part->integer(1, max_amount);
        return step;
    }
    name.fail("bad_value", "there is no such step");
}

domain::SubscribeStep Reader::read_subscribe(StrictObject& fields)
{
    domain::SubscribeStep step{.sub = fields.required("sub").text(1, 64), .sku = known_sku(fields.required("sku"))};
    step.quantity = static_cast<int>(number(fields, "quantity", 1, 10'000, 1));
    step.units = units(fields, "units", max_units);
    step.start = day(fields, "start");
    step.anchor = day(fields, "anchor");
    if (const auto trial = fields.optional("trial_days")) step.trial_days = static_cast<int>(trial->integer(0, 3650));
    return step;
}

domain::ChangeStep Reader::read_change(StrictObject& fields)
{
    domain::ChangeStep step{.sub = fields.required("sub").text(1, 64)};
    if (const auto sku = fields.optional("sku")) step.sku = known_sku(*sku);
    if (const auto quantity = fields.optional("quantity")) step.quantity = static_cast<int>(quantity->integer(1, 10'000));
    if (const auto given = fields.optional("units")) step.units = map_of(*given, max_units);
    if (const auto when = fields.optional("when")) {
        const auto text = when->text();
        step.when = text == "now" ? domain::When::now : text == "term_end" ? domain::When::term_end : domain::When::on_day;
        if (step.when == domain::When::on_day) step.day = when->day();
    }
    if (const auto anchor = fields.optional("anchor")) {
        step.reset_anchor = anchor->text() == "reset";
        if (!step.reset_anchor) step.anchor = anchor->day();
    }
    step.setup = flag(fields, "setup", false);
    if (!step.sku && !step.quantity && !step.units && !step.anchor && !step.reset_anchor && !step.setup)
        fields.value().fail("bad_value", "changes nothing");
    return step;
}

domain::CancelStep Reader::read_cancel(StrictObject& fields)
{
    domain::CancelStep step{.sub = fields.required("sub").text(1, 64)};
    if (const auto when = fields.optional("when")) {
        const auto text = when->text();
        step.when = text == "now" ? domain::When::now : text == "term_end" ? domain::When::term_end : domain::When::on_day;
        if (step.when == domain::When::on_day) step.day = when->day();
    }
    step.credit = flag(fields, "credit", true);
    return step;
}

domain::PriceStep Reader::read_price(StrictObject& fields)
{
    domain::PriceStep step{.sku = known_sku(fields.required("sku"))};
    const auto item = std::ranges::find_if(scenario_.catalogue, [&](const ScenarioItem& known) { return known.item.sku == step.sku; });
    for (const char* name : {"recurring_rappen", "recurring_per"})
        if (!item->item.interval && fields.has(name)) fields.at(name).fail("bad_value", "is only for items with an interval");
    if (const auto value = fields.optional("recurring_rappen")) step.recurring_minor = value->integer(0, max_amount);
    if (const auto value = fields.optional("setup_rappen")) step.setup_minor = value->integer(0, max_amount);
    if (const auto value = fields.optional("recurring_per")) step.recurring_per = map_of(*value, max_unit_price);
    if (const auto value = fields.optional("setup_per")) step.setup_per = map_of(*value, max_unit_price);
    if (!step.recurring_minor && !step.setup_minor && !step.recurring_per && !step.setup_per)
        fields.value().fail("bad_value", "changes nothing");
    return step;
}

Document load(std::string_view text, json_error_t& error)
{
    return Document{json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error)};
}

} // namespace

domain::Scenario read_scenario(std::string_view text)
{
    json_error_t error{};
    auto document = load(text, error);
    if (!document && json_error_code(&error) == json_error_numeric_overflow) // a wrong value, not wrong JSON: find out where
        document = load(with_bearable_numbers(text), error);
    if (!document) throw InvalidScenario{"bad_json", "", error.text};
    return Reader{}.read(document.get());
}

} // namespace api
