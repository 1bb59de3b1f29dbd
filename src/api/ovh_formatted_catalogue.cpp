#include "api/ovh_json.h"
#include "api/ovh_plan_json.h"
#include "http/json.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>

namespace api {
namespace {

using http::JsonText;

constexpr const char* datacenter_label = "dedicated_datacenter";

/// What a table can be sorted and filtered by: the least and the greatest of the servers.
template <class Value> struct Range {
    std::optional<Value> min{}, max{};

    void take(Value value)
    {
        min = std::min(min.value_or(value), value);
        max = std::max(max.value_or(value), value);
    }
};

/// A number of a specification (cores, GHz), never of money; as short as it can be: 3.25, 16.
JsonText number_json(double value)
{
    constexpr int digits = 10;
    const http::Json number{json_real(value)};
    const std::unique_ptr<char, decltype(&std::free)> text{
        json_dumps(number.get(), JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits)), std::free};
    std::string shown{text.get()};
    if (shown.ends_with(".0")) shown.resize(shown.size() - 2);
    return JsonText::ready(shown);
}

JsonText json_of(const Range<double>& range)
{
    return JsonText::object().set("max", number_json(range.max.value_or(0))).set("min", number_json(range.min.value_or(0)));
}

JsonText prices_of(const Range<std::int64_t>& minor, domain::Currency currency)
{
    const auto shown = [&](const std::optional<std::int64_t>& amount) { return ovh_value({amount.value_or(0), currency}); };
    return JsonText::object().set("max", shown(minor.max)).set("min", shown(minor.min));
}

/// The specifications of a server, where they are looked into.
class Specifications {
public:
    explicit Specifications(const domain::Plan& plan) : json_{json_loads(plan.specifications.c_str(), 0, nullptr)} {}

    std::optional<double> number(const char* part, const char* name) const
    {
        const auto* value = json_object_get(json_object_get(json_.get(), part), name);
        return json_is_number(value) ? std::optional{json_number_value(value)} : std::nullopt;
    }

    /// All of them, each member in its place and null where it is not known.
    JsonText json() const
    {
        auto json = JsonText::object();
        json.set("cpu", part("cpu", {"boost", "brand", "cores", "frequency", "model", "planCode", "threads"}));
        json.set("disks", disks()).set("gpu", part("gpu", {"model", "number", "planCode"}));
        json.set("memory", part("memory", {"planCode", "size", "type"}));
        return std::move(json.set("network", network()));
    }

private:
    static JsonText value_json(const json_t* value, const char* otherwise = "null")
    {
        if (json_is_string(value)) return json_string_value(value);
        if (json_is_integer(value)) return static_cast<std::int64_t>(json_integer_value(value));
        return json_is_number(value) ? number_json(json_number_value(value)) : JsonText::ready(otherwise);
    }

    static JsonText members(const json_t* object, const std::vector<const char*>& names, const char* otherwise = "null")
    {
        auto json = JsonText::object();
        for (const auto* name : names) json.set(name, value_json(json_object_get(object, name), otherwise));
        return json;
    }

    JsonText part(const char* name, const std::vector<const char*>& names) const
    {
        const auto* object = json_object_get(json_.get(), name);
        return json_is_object(object) ? members(object, names) : JsonText::null();
    }

    JsonText disks() const
    {
        const auto* list = json_object_get(json_.get(), "disks");
        if (!json_is_array(list)) return JsonText::null();
        auto json = JsonText::array();
        for (std::size_t i = 0; i < json_array_size(list); ++i)
            json.push(members(json_array_get(list, i), {"number", "planCode", "raid", "size", "type"}));
        return json;
    }

    /// The one part that is never null; what is not known of it is 0.
    JsonText network() const
    {
        return members(
            json_object_get(json_.get(), "network"), {"failover", "internal", "ip", "outgoing", "private", "privateBandwidth"}, "0");
    }

    http::Json json_; ///< none, if the text is no JSON: then nothing is known
};

/// What one pays without a commitment; else the pricing that binds for the shortest time.
const domain::PlanPricing& usual(const domain::Plan& plan)
{
    const auto* monthly = domain::pricing_of(plan, "default", "P1M");
    return monthly ? *monthly : plan.pricings.front();
}

JsonText datacenters_json(const domain::Plan& server)
{
    auto json = JsonText::array();
    if (const auto* label = domain::label_of(server, datacenter_label); label && label->allowed)
        for (const auto& datacenter : *label->allowed) json.push(datacenter);
    return json;
}

JsonText addons_family_json(const domain::PlanOptionFamily& family, const service::PlanListing& listing)
{
    auto addons = JsonText::array();
    for (const auto& option : family.options) {
        const auto* plan = listing.option(option.code);
        if (!plan) continue; // not sold in this currency
        auto addon = JsonText::object();
        addon.set("code", plan->code).set("datacenters", JsonText::null()).set("name", plan->name).set("options", JsonText::null());
        addons.push(addon.set("price", ovh_price(usual(*plan).recurring)));
    }
    return JsonText::object().set("addons", addons).set("family", family.name);
}

JsonText prices_json(const domain::Plan& server)
{
    const auto& pricing = usual(server);
    auto usually = JsonText::object();
    usually.set("installation", pricing.setup.minor > 0 ? ovh_price(pricing.setup) : JsonText::null());
    usually.set("renew", ovh_price(pricing.recurring));
    return JsonText::object().set("default", usually).set("hardzone", JsonText::null()).set("week", JsonText::null());
}

JsonText product_json(const domain::Plan& server, const Specifications& specifications, const service::PlanListing& listing)
{
    auto families = JsonText::array();
    for (const auto& family : server.families) families.push(addons_family_json(family, listing));
    auto json = JsonText::object();
    json.set("addonsFamily", families).set("code", server.code).set("compatibilities", JsonText::null());
    json.set("datacenters", datacenters_json(server)).set("derivatives", JsonText::null()).set("family", server.family);
    json.set("invoiceName", server.name).set("isChildOf", JsonText::null()).set("isParentOf", JsonText::null());
    return std::move(json.set("prices", prices_json(server)).set("specifications", specifications.json()));
}

/// What the catalogue says of all its servers together.
class Summary {
public:
    void take(const domain::Plan& server, const Specifications& specifications)
    {
        families_[server.family].push_back(server.code);
        price_.take(usual(server).recurring.minor);
        if (const auto* label = domain::label_of(server, datacenter_label); label && label->allowed)
            datacenters_.insert(label->allowed->begin(), label->allowed->end());
        for (auto& [detail, part, range] : details_)
            if (const auto number = specifications.number(part, detail)) {
                range.take(*number);
                techniques_[part][server.code].emplace_back(detail, *number);
            }
    }

    JsonText metadatas(const service::PlanListing& listing, std::string_view subsidiary) const
    {
        const bool is_euro = listing.currency == domain::Currency::eur;
        auto currency = JsonText::object();
        currency.set("code", domain::to_text(listing.currency)).set("description", is_euro ? "Euro" : "Swiss franc");
        auto datacenters = JsonText::array();
        for (const auto& datacenter : datacenters_) datacenters.push(datacenter);
        auto json = JsonText::object();
        json.set("catalog", listing.number()).set("core", json_of(details_[0].range));
        json.set("currency", currency.set("symbol", is_euro ? "€" : "CHF")).set("datacenters", datacenters);
        json.set("frequency", json_of(details_[2].range)).set("merchant", subsidiary).set("price", prices_of(price_, listing.currency));
        json.set("ram", json_of(details_[3].range)).set("thread", json_of(details_[1].range));
        const auto midnight = domain::Day{listing.day}.time_since_epoch();
        return std::move(json.set("timestamp", std::chrono::duration_cast<std::chrono::seconds>(midnight).count()));
    }

    JsonText families() const
    {
        auto json = JsonText::array();
        for (const auto& [name, codes] : families_) {
            auto products = JsonText::array();
            for (const auto& code : codes) products.push(code);
            json.push(JsonText::object().set("name", name).set("products", products));
        }
        return json;
    }

    JsonText tech_details() const
    {
        auto json = JsonText::array();
        for (const auto& [type, servers] : techniques_) {
            auto plans = JsonText::array();
            for (const auto& [code, details] : servers) {
                auto specificities = JsonText::array();
                for (const auto& [key, value] : details)
                    specificities.push(JsonText::object().set("key", key).set("value", number_json(value)));
                plans.push(JsonText::object().set("code", code).set("specificities", specificities));
            }
            json.push(JsonText::object().set("plans", plans).set("type", type));
        }
        return json;
    }

private:
    struct Detail {
        const char* name;
        const char* part;
        Range<double> range{};
    };

    std::array<Detail, 4> details_{{{"cores", "cpu", {}}, {"threads", "cpu", {}}, {"frequency", "cpu", {}}, {"size", "memory", {}}}};
    std::map<std::string, std::vector<std::string>> families_{};
    std::map<std::string, std::map<std::string, std::vector<std::pair<std::string, double>>>> techniques_{};
    std::set<std::string> datacenters_{};
    Range<std::int64_t> price_{}; ///< of a month, in minor units
};

} // namespace

JsonText ovh_formatted_catalogue(const service::PlanListing& listing, std::string_view subsidiary)
{
    Summary summary;
    auto products = JsonText::array();
    for (const auto& server : listing.servers) {
        const Specifications specifications{server};
        summary.take(server, specifications);
        products.push(product_json(server, specifications, listing));
    }
    auto json = JsonText::object();
    json.set("families", summary.families()).set("metadatas", summary.metadatas(listing, subsidiary));
    return std::move(json.set("products", products).set("techDetails", summary.tech_details()));
}

} // namespace api
