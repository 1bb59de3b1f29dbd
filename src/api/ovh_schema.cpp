#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "api/ovh_routes.h"

#include <map>

namespace api {
namespace {

using http::JsonText;

/// Routes by their first step, then by path, in order.
using Families = std::map<std::string, std::map<std::string, std::vector<OvhRoute>>>;

Families by_family(const std::vector<OvhRoute>& routes)
{
    Families families;
    for (const auto& route : routes) {
        const auto family = route.pattern.substr(0, route.pattern.find('/', 1));
        families[family][route.pattern].push_back(route);
    }
    return families;
}

JsonText operation_json(const OvhRoute& route)
{
    auto status = JsonText::object();
    status.set("value", "PRODUCTION").set("description", "Stable production version");
    auto operation = JsonText::object();
    operation.set("httpMethod", route.method).set("apiStatus", status).set("noAuthentication", route.open);
    return operation;
}

JsonText family_json(const std::string& base_url, const std::string& family, const Families::mapped_type& paths)
{
    auto apis = JsonText::array();
    for (const auto& [path, routes] : paths) {
        auto operations = JsonText::array();
        for (const auto& route : routes) operations.push(operation_json(route));
        apis.push(JsonText::object().set("path", path).set("description", path).set("operations", operations));
    }
    auto schema = JsonText::object();
    schema.set("apiVersion", "1.0").set("basePath", base_url + "/1.0").set("resourcePath", family).set("apis", apis);
    return std::move(schema.set("models", JsonText::object()));
}

JsonText index_json(const std::string& base_url, const Families& families)
{
    auto apis = JsonText::array();
    for (const auto& [family, paths] : families) {
        auto entry = JsonText::object();
        entry.set("path", family).set("description", family).set("schema", "{path}.{format}");
        apis.push(entry.set("format", JsonText::array().push("json")));
    }
    return JsonText::object().set("basePath", base_url + "/1.0").set("apis", apis);
}

} // namespace

void add_ovh_schema(OvhRoutes& routes, const std::string& base_url)
{
    const auto families = by_family(routes.all());
    routes.open("GET", "/", [index = index_json(base_url, families)](const http::Request&, const OvhCaller&) { return ovh_ok(index); });
    std::map<std::string, JsonText> schemas;
    for (const auto& [family, paths] : families) schemas.emplace(family.substr(1), family_json(base_url, family, paths));
    routes.open("GET", "/{family}.json", [schemas = std::move(schemas)](const http::Request& request, const OvhCaller&) {
        const auto schema = schemas.find(request.segments[0]);
        if (schema == schemas.end()) throw OvhError::not_found("family", request.segments[0]);
        return ovh_ok(schema->second);
    });
}

} // namespace api
