#include "ovh_site.h"

#include <boost/algorithm/string/replace.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <random>
#include <set>

using namespace site;

namespace {

struct KnownRoute {
    std::string method{};
    std::string pattern{};
};

/// Every route that the API's own schema tells.
std::vector<KnownRoute> all_routes()
{
    std::vector<KnownRoute> routes;
    const auto client = anonymous_client();
    const auto index = client.get("/").json();
    std::size_t i = 0;
    json_t* family = nullptr;
    json_array_foreach(json_object_get(index.get(), "apis"), i, family)
    {
        const auto schema = client.get(json_string_value(json_object_get(family, "path")) + std::string{".json"}).json();
        std::size_t j = 0;
        json_t* api = nullptr;
        json_array_foreach(json_object_get(schema.get(), "apis"), j, api)
        {
            std::size_t k = 0;
            json_t* operation = nullptr;
            json_array_foreach(json_object_get(api, "operations"), k, operation) routes.push_back(
                {json_string_value(json_object_get(operation, "httpMethod")), json_string_value(json_object_get(api, "path"))});
        }
    }
    return routes;
}

/// What the wire format says of every refusal.
bool is_refusal(const Answer& answer)
{
    return answer.status >= 400 && answer.status < 500 && !answer.at("message").empty() && !answer.at("class").empty()
        && !answer.at("errorCode").empty() && answer.at("httpCode").starts_with(std::to_string(answer.status))
        && !answer.header("x-ovh-queryid").empty();
}

/// Where nginx finds the path: its dots and slashes may be written as escapes.
std::string place_of(std::string path)
{
    path = path.substr(0, path.find('?'));
    for (const auto& [escape, character] : {std::pair{"%2f", "/"}, {"%2F", "/"}, {"%2e", "."}, {"%2E", "."}})
        boost::replace_all(path, escape, character);
    return std::filesystem::path{path}.lexically_normal().string();
}

/// A path may climb out of the API by its dots: what is there refuses in its own words.
bool is_refused_elsewhere(const std::string& version, const std::string& path, const Answer& answer)
{
    return !place_of(version + path).starts_with(version + '/') && answer.status >= 400 && answer.status < 500
        && answer.header("content-type").starts_with("application/problem+json");
}

/// Random requests, near enough to good ones to get far.
class Mischief {
public:
    explicit Mischief(unsigned seed) : random_{seed} {}

    /// What paths lead to from now on.
    void aim_at(std::vector<std::string> carts, std::vector<std::string> numbers)
    {
        carts_ = std::move(carts);
        numbers_ = std::move(numbers);
    }

    std::size_t below(std::size_t bound) { return random_() % bound; }
    template <class List> const auto& pick(const List& list) { return list[below(list.size())]; }

    std::string path(const std::string& pattern)
    {
        std::string path;
        for (std::size_t at = 0; at < pattern.size();) {
            if (pattern[at] != '{') {
                path += pattern[at++];
                continue;
            }
            const auto end = pattern.find('}', at);
            path += below(8) == 0 ? pick(junk_) : pattern.compare(at, 8, "{cartId}") == 0 ? pick(carts_) : pick(numbers_);
            at = end + 1;
        }
        if (below(4) == 0) path += '?' + pick(queries_);
        return below(20) == 0 ? path + '/' + pick(junk_) : path;
    }

    std::string body()
    {
        auto body = pick(bodies_);
        for (auto changes = below(4); changes > 0 && !body.empty(); --changes) {
            const auto at = below(body.size());
            switch (below(4)) {
            case 0: body[at] = static_cast<char>(random_()); break;
            case 1: body.erase(at, 1 + below(5)); break;
            case 2: body.insert(at, 1, "{}[]\",:\\0-e."[below(12)]); break;
            case 3: body.insert(at, body.substr(at, below(20))); break;
            }
        }
        return body;
    }

    ApiKey spoilt(ApiKey key)
    {
        auto& part = *std::vector<std::string*>{&key.application_key, &key.application_secret, &key.consumer_key}[below(3)];
        if (below(2)) part = pick(junk_);
        else if (!part.empty()) part[below(part.size())] ^= 1;
        return key;
    }

private:
    std::mt19937 random_;
    std::vector<std::string> carts_;
    std::vector<std::string> numbers_;
    const std::vector<std::string> junk_{"0", "-1", "99999999999999999999", "null", "x", "'%20OR%201=1--", "%ff", "%e2%98%83", "..%2f..",
        "*", "00000000-0000-4000-8000-000000000000", "%2e%2e", "a%2Fb", std::string(500, 'a'), "1.5", "true"};
    const std::vector<std::string> queries_{"ovhSubsidiary=CH", "ovhSubsidiary=XX", "ovhSubsidiary=null", "planCode=mini-1&family=mini",
        "planCode=%ff", "label=dedicated_os", "description=a+b%2Bc", "date.from=2026-01-01T00:00:00+00:00&date.to=x", "date.from=%00",
        "coupon=FREE", "default=true&default=false", "orderId=1&category=x", "a=b&&=&c", "datacenters=zrh,gla,%27"};
    const std::vector<std::string> bodies_{R"({"ovhSubsidiary":"CH","description":"Büro \u2603","expire":null})",
        R"({"ovhSubsidiary":"FR","expire":"2030-01-01T00:00:00+00:00"})", R"({"description":"x","expire":"yesterday"})",
        R"({"planCode":"mini-1","duration":"P1M","pricingMode":"default","quantity":1})",
        R"({"planCode":"core-1","duration":"PT18.179651S","pricingMode":"upfront12","quantity":999999})",
        R"({"itemId":1,"planCode":"ram-32g","duration":"P1M","pricingMode":"default","quantity":1})", R"({"duration":"P1M","quantity":2})",
        R"({"label":"dedicated_datacenter","value":"zrh"})", R"({"label":"dedicated_os","value":true})", R"({"coupon":"FREE"})",
        R"({"autoPayWithPreferredPaymentMethod":true,"waiveRetractationPeriod":null})", R"({"paymentMethod":{"id":1}})",
        R"({"paymentMean":"CREDIT_CARD","paymentMeanId":1})", R"({"reason":"expensive","comment":"x"})",
        R"({"accessRules":[{"method":"GET","path":"/*"}],"redirection":"https://example.org/","allowedIPs":["10.0.0.0/8"]})", "", "{}",
        "[]"};
};

/// A client of a new member; what is aimed at is its carts, one of them assigned to nobody, and another's.
OvhClient aimed(Mischief& mischief)
{
    const auto client = ovh_client(member_with_card()), foreign = ovh_client(member_with_card());
    std::vector<std::string> carts, numbers{"1", "2", "3"};
    for (const auto* owner : {&client, &foreign})
        for (int i = 0; i < 3; ++i) {
            carts.push_back(owner->post("/order/cart", R"({"ovhSubsidiary":"CH"})").at("cartId"));
            if (i > 0) owner->post("/order/cart/" + carts.back() + "/assign");
            numbers.push_back(owner
                                  ->post("/order/cart/" + carts.back() + "/dedicated",
                                      R"({"planCode":"mini-1","duration":"P1M","pricingMode":"default","quantity":1})")
                                  .at("itemId"));
        }
    mischief.aim_at(std::move(carts), std::move(numbers));
    return client;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_hostile)

BOOST_AUTO_TEST_CASE(ten_thousand_random_and_mutated_requests_never_break_anything)
{
    const auto seed = std::random_device{}();
    const auto routes = all_routes();
    BOOST_TEST(routes.size() > 60u);

    Mischief mischief{seed};
    auto client = aimed(mischief);
    std::map<int, int> answers;
    std::set<std::string> reached;
    for (int round = 1; round <= 10'000; ++round) {
        if (round % 500 == 0) client = aimed(mischief); // chance has thrown the carts away by now, or the key
        const auto& route = mischief.pick(routes);
        auto caller = client;
        if (const auto kind = mischief.below(10); kind == 0) caller = anonymous_client();
        else if (kind < 3) caller.key = mischief.spoilt(caller.key);
        caller.base = environment(mischief.below(4) ? "TEST_URL" : "TEST_TLS_URL");
        if (mischief.below(10) == 0) caller.version = "/v1";
        const auto method = mischief.below(25) ? route.method : std::string{"PATCH"};
        const auto path = mischief.path(route.pattern);
        const auto body = method == "GET" && mischief.below(10) ? "" : mischief.body();
        const auto answer = caller.call(method, path, body);
        ++answers[answer.status];
        if (answer.status == 200) reached.insert(route.method + ' ' + route.pattern);
        if (answer.status == 200 || is_refusal(answer) || is_refused_elsewhere(caller.version, path, answer)) continue;
        BOOST_FAIL("seed " << seed << ": " << answer.status << " for " << method << ' ' << path << ' ' << body << "\n" << answer.body);
    }
    BOOST_TEST_MESSAGE("seed " << seed << ": " << reached.size() << " routes were reached");
    for (const auto& [status, times] : answers) BOOST_TEST_MESSAGE(status << ": " << times);
    BOOST_TEST(answers[200] > 100, "seed " << seed << ": only " << answers[200] << " requests were carried out");
    BOOST_TEST(reached.size() > 20u, "seed " << seed << ": only " << reached.size() << " routes were reached");
}

BOOST_AUTO_TEST_CASE(what_the_gateway_itself_refuses_looks_like_the_rest)
{
    const auto client = ovh_client(fresh_member());
    BOOST_TEST(is_refusal(client.post("/order/cart", "{\"description\":\"" + std::string(200'000, 'x') + "\"}"))); // 413
    // Too long to be looked at, so that nobody knows whose it is.
    BOOST_TEST(client.get("/order/cart?description=" + std::string(20'000, 'x')).status == 414);
    BOOST_TEST(is_refusal(client.get("/no/such/route")));
    BOOST_TEST(is_refusal(client.call("PATCH", "/order/cart", "{}")));
    BOOST_TEST(is_refusal(client.get("/order/cart/x%2f%2e%2e/none"))); // not out of it
    const std::string outside{"/order/cart/..%2f../%2e%2e"};
    BOOST_TEST(is_refused_elsewhere(client.version, outside, client.call("PUT", outside, "{}")));
}

BOOST_AUTO_TEST_SUITE_END()
