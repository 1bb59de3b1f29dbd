#include "api/ovh_catalogue.h"

#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "api/ovh_plan_json.h"
#include "domain/subsidiary.h"
#include "store/sha256.h"

#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;
using Listing = std::shared_ptr<const service::PlanListing>;

using WriteCatalogue = JsonText (*)(const service::PlanListing&, std::string_view);

struct Subsidiary {
    std::string code{};
    domain::Currency currency{};
};

/// @throws OvhError 400 with those that are served
Subsidiary subsidiary_of(const Request& request)
{
    const auto code = ovh_query(request, "ovhSubsidiary");
    const auto remedy = "one of " + domain::subsidiaries_text();
    if (!code) throw OvhError::bad_request("ovhSubsidiary is missing: add ?ovhSubsidiary= with " + remedy);
    const auto currency = domain::currency_of_subsidiary(*code);
    if (!currency) throw OvhError::bad_request("ovhSubsidiary " + *code + " is not served here: take " + remedy);
    return {*code, *currency};
}

/// A catalogue as it goes out. It is written once for a listing, however many ask for it.
class Catalogue {
public:
    explicit Catalogue(WriteCatalogue write) : write_{write} {}

    Response answer(const Request& request, service::Plans& plans)
    {
        const auto subsidiary = subsidiary_of(request);
        const auto text = written(subsidiary.code, plans.offered(subsidiary.currency));
        Response response{.body = text->body};
        if (request.param("HTTP_IF_NONE_MATCH").find(text->tag) != std::string_view::npos) response = {.status = 304};
        return std::move(response).with("Cache-Control", "public, max-age=60").with("ETag", '"' + text->tag + '"');
    }

private:
    struct Text {
        Listing listing{};
        std::string body{};
        std::string tag{};
    };

    std::shared_ptr<const Text> written(const std::string& subsidiary, const Listing& listing)
    {
        {
            const std::lock_guard lock{mutex_};
            const auto& known = texts_[subsidiary];
            if (known && known->listing == listing) return known;
        }
        auto text = std::make_shared<Text>(Text{.listing = listing, .body = write_(*listing, subsidiary).dump()});
        text->tag = store::sha256_of(text->body).substr(0, 32);
        const std::lock_guard lock{mutex_};
        texts_[subsidiary] = text;
        return text;
    }

    WriteCatalogue write_;
    std::mutex mutex_{};
    std::map<std::string, std::shared_ptr<const Text>> texts_{}; // by subsidiary
};

/// How soon a server is there, in the API's words.
const char* availability_of(service::PlanListing::Stock stock)
{
    using enum service::PlanListing::Stock;
    switch (stock) {
    case none: return "unavailable";
    case few: return "1H-low";
    case many: return "1H-high";
    case to_be_racked: return "24H";
    case unknown: break;
    }
    return "unknown";
}

JsonText availability_json(const service::PlanListing& listing, const domain::Plan& server, const std::string& wanted_datacenters)
{
    auto datacenters = JsonText::array();
    const auto* label = domain::label_of(server, "dedicated_datacenter");
    const auto wanted = ',' + wanted_datacenters + ',';
    for (const auto& datacenter : label ? label->allowed.value_or(std::vector<std::string>{}) : std::vector<std::string>{}) {
        if (!wanted_datacenters.empty() && wanted.find(',' + datacenter + ',') == std::string::npos) continue;
        auto json = JsonText::object();
        json.set("availability", availability_of(listing.stock(server, datacenter))).set("datacenter", datacenter);
        datacenters.push(json);
    }
    auto json = JsonText::object();
    json.set("datacenters", datacenters).set("fqn", server.code).set("gpu", JsonText::null()).set("memory", JsonText::null());
    json.set("planCode", server.code).set("server", server.code);
    return std::move(json.set("storage", JsonText::null()).set("systemStorage", JsonText::null()));
}

/// Of the servers that are sold in whatever currency; with a code of that one alone.
Response availabilities(const Request& request, service::Plans& plans)
{
    const auto code = ovh_query(request, "planCode");
    const auto datacenters = ovh_query(request, "datacenters").value_or("");
    std::set<std::string> told;
    auto json = JsonText::array();
    for (const auto currency : {domain::Currency::chf, domain::Currency::eur}) {
        const auto listing = plans.offered(currency);
        for (const auto& server : listing->servers)
            if ((!code || server.code == *code) && told.insert(server.code).second)
                json.push(availability_json(*listing, server, datacenters));
    }
    if (code && told.empty())
        throw OvhError{404, "NOT_FOUND", "Client::NotFound",
            "No availabilities found for planCode " + *code + ": GET /order/catalog/formatted/dedicated lists the servers that are sold"};
    return ovh_ok(json);
}

} // namespace

void add_ovh_catalogue_routes(OvhRoutes& routes, service::Plans& plans)
{
    const auto formatted = std::make_shared<Catalogue>(ovh_formatted_catalogue);
    const auto open_to_all = std::make_shared<Catalogue>(ovh_public_catalogue);
    routes.open(
        "GET", "/order/catalog/formatted", [](const Request&, const OvhCaller&) { return ovh_ok(JsonText::array().push("dedicated")); });
    routes.open("GET", "/order/catalog/formatted/dedicated",
        [formatted, &plans](const Request& request, const OvhCaller&) { return formatted->answer(request, plans); });
    for (const auto* product : {"dedicated", "baremetalServers", "eco", "vps"})
        routes.open("GET", std::string{"/order/catalog/public/"} + product,
            [open_to_all, &plans](const Request& request, const OvhCaller&) { return open_to_all->answer(request, plans); });
    routes.open("GET", "/dedicated/server/datacenter/availabilities",
        [&plans](const Request& request, const OvhCaller&) { return availabilities(request, plans); });
}

} // namespace api
