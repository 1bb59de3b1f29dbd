#include "site.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <sstream>

using namespace site;

namespace {

Json description() { return {json_load_file((environment("BUILD") + "/openapi.json").c_str(), 0, nullptr), json_decref}; }

std::set<std::string> lines_of(const std::string& text)
{
    std::set<std::string> lines;
    std::size_t start = 0;
    for (auto end = text.find('\n'); end != std::string::npos; start = end + 1, end = text.find('\n', start))
        lines.insert(text.substr(start, end - start));
    return lines;
}

std::set<std::string> members_of(const json_t* object)
{
    std::set<std::string> members;
    for (void* at = json_object_iter(const_cast<json_t*>(object)); at; at = json_object_iter_next(const_cast<json_t*>(object), at))
        members.insert(json_object_iter_key(at));
    return members;
}

std::set<std::string> described_operations()
{
    std::set<std::string> operations;
    const auto document = description();
    const auto* paths = json_object_get(document.get(), "paths");
    for (const auto& path : members_of(paths))
        for (auto method : members_of(json_object_get(paths, path.c_str()))) {
            for (auto& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            operations.insert(method + ' ' + path);
        }
    return operations;
}

std::set<std::string> served_routes()
{
    auto routes =
        lines_of(shell("for program in " + environment("BUILD") + "/cgi-bin/*; do [ -x $program ] && UNCLOUD_ROUTES=1 $program; done"));
    routes.erase("GET /internal/auth");
    return routes;
}

void collect_references(const json_t* value, std::set<std::string>& references)
{
    if (json_is_array(value))
        for (std::size_t i = 0; i < json_array_size(value); ++i) collect_references(json_array_get(value, i), references);
    for (const auto& member : members_of(value)) {
        const auto* inner = json_object_get(value, member.c_str());
        if (member == "$ref") references.insert(json_string_value(inner));
        else collect_references(inner, references);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(the_description_has_exactly_the_routes_that_are_served)
{
    const auto described = described_operations();
    const auto served = served_routes();
    for (const auto& route : served) BOOST_TEST(described.contains(route), "not described: " << route);
    for (const auto& operation : described) BOOST_TEST(served.contains(operation), "not served: " << operation);
    BOOST_TEST(served.size() > 40u);
}

BOOST_AUTO_TEST_CASE(every_reference_in_the_description_leads_somewhere)
{
    const auto document = description();
    BOOST_TEST(std::string{json_string_value(json_object_get(document.get(), "openapi"))}.starts_with("3.1."));
    std::set<std::string> references;
    collect_references(document.get(), references);
    for (const auto& reference : references) {
        const json_t* value = document.get();
        std::istringstream steps{reference.substr(2)}; // behind "#/"
        for (std::string step; std::getline(steps, step, '/');) value = json_object_get(value, step.c_str());
        BOOST_TEST(value != nullptr, reference);
    }
}

BOOST_AUTO_TEST_CASE(answers_have_the_members_of_their_examples)
{
    const auto member = joined_member();
    active_vm(member);
    member.send("PUT", "/orders/" + fresh_uuid(), R"({"product":"ipv6-vpn"})");
    const auto document = description();
    for (const std::string path : {"/account", "/membership", "/products", "/orders", "/vm", "/vpn", "/payment-methods"}) {
        const json_t* example = document.get();
        for (const char* step : {"paths", path.c_str(), "get", "responses", "200", "content", "application/json", "example"})
            example = json_object_get(example, step);
        const auto answer = member.get(path).json();
        const json_t* real = answer.get();
        if (const auto* items = json_object_get(example, "items")) {
            example = json_array_get(items, 0);
            real = json_array_get(json_object_get(real, "items"), 0);
        }
        BOOST_TEST(members_of(example) == members_of(real), path);
    }
}

BOOST_AUTO_TEST_CASE(every_problem_has_its_page)
{
    const auto codes = lines_of(shell(
        "{ grep -ohE 'return \\{[0-9]{3}, \"[a-z_]+\"' src/http/problem.cpp; grep -rohE 'problem\\(request, [0-9]{3}, \"[a-z_]+\"' src;"
        " grep -rohE 'Rejected\\{[0-9]{3}, \"[a-z_]+\"' src; grep -rohE 'Unavailable\\{\"[a-z_]+\"' src; grep -rohE 'denied\\([0-9]{3}, "
        "\"[a-z_]+\"' src;"
        " } | grep -oE '\"[a-z_]+\"' | tr -d '\"'; grep -ohE '[0-9]{3} +[a-z_]+;' nginx/http.conf.in | awk '{print $2}' | tr -d ';'"));
    BOOST_TEST(codes.size() > 30u);
    for (const auto& code : codes) BOOST_TEST(ask({.path = "/docs/problems/" + code}).status == 200, code);
    BOOST_TEST(ask({.path = "/docs/problems/nothing_like_this"}).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
