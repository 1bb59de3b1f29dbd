#include "gateway/ovh_signature.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <vector>

using gateway::OvhSignedCall;
namespace bdata = boost::unit_test::data;

namespace {

struct Vector {
    const char* method;
    const char* url;
    const char* body;
    const char* signature;
};

std::ostream& operator<<(std::ostream& out, const Vector& vector)
{
    return out << vector.method << ' ' << vector.url << ' ' << vector.body;
}

/// Made by npm ovh 2.0.3, node-ovh 3.0.0 and python-ovh 1.2.0 with the revoked keys of their own tests; the last three are
/// also in the suites of python-ovh and go-ovh.
const std::vector<Vector> of_the_official_clients{
    {"GET", "https://eu.api.ovh.com/1.0/me", "", "$1$9aa7cd34d508a6b15cc9bf8415cc9dc219ca5a2a"},
    {"GET", "https://127.0.0.1:18443/1.0/me", "", "$1$f093546a86fa5928ee4bee5ba13c710bbd580a6a"},
    {"GET", "https://127.0.0.1/1.0/me", "", "$1$eb4df564be9b00b9e23b41d0520764b0a6de8993"},
    {"GET", "http://127.0.0.1:18080/1.0/order/cart?description=a+b%2Bc", "", "$1$d8a3e464cc4306af3df0fe131d608e75ec969887"},
    {"POST", "https://127.0.0.1/1.0/order/cart", R"({"ovhSubsidiary":"FR"})", "$1$caf57d0e4b8246ad1bd77a22d3031cc1ef9c3802"},
    {"POST", "https://127.0.0.1/1.0/order/cart", R"({"ovhSubsidiary":"FR","description":"B\u00fcro \u2603"})",
        "$1$fbf98e698b5e2fefbd15cf2039c826ae89392a70"},
    {"POST", "https://127.0.0.1/1.0/order/cart", R"({"ovhSubsidiary":"FR","description":"Büro ☃"})",
        "$1$c50450a0bd352bccf0490a7392de6161ae201253"},
    {"POST", "https://127.0.0.1/1.0/order/cart/c87b5e9d-f586-4456-9f56-1709f40e7b1d/assign", "",
        "$1$aa3d81d5f32fed82a3f46d529fa352e2d35f3198"},
    {"DELETE", "https://127.0.0.1/1.0/order/cart/c87b5e9d-f586-4456-9f56-1709f40e7b1d/item/42", "",
        "$1$a6421568d9e33781d8a2619217ff0e827404d147"},
    {"GET", "https://eu.api.ovh.com/1.0/auth", "", "$1$e9556054b6309771395efa467c22e627407461ad"},
    {"POST", "https://eu.api.ovh.com/1.0/auth", R"({"a":"b","c":"d"})", "$1$ec2fb5c7a81f64723c77d2e5b609ae6f58a84fc1"},
    {"GET", "https://eu.api.ovh.com/v1/call", "", "$1$e6e7906d385eb28adcbfbe6b66c1528a42d741ad"},
};

OvhSignedCall call(const Vector& vector)
{
    return {.application_secret = "9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjk",
        .consumer_key = "5mBuy6SUQcRw2ZUxg0cG68BoDKpED4KY",
        .method = vector.method,
        .url = vector.url,
        .body = vector.body,
        .timestamp = 1457018875};
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_signature)

BOOST_DATA_TEST_CASE(we_sign_as_the_official_clients_do, bdata::make(of_the_official_clients), vector)
{
    BOOST_TEST(gateway::ovh_signature(call(vector)) == vector.signature);
    BOOST_TEST(gateway::is_ovh_signature_of(vector.signature, call(vector)));
}

BOOST_AUTO_TEST_CASE(we_sign_as_ovhs_guide_does)
{
    const OvhSignedCall guide{.application_secret = "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF",
        .consumer_key = "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1",
        .method = "GET",
        .url = "https://eu.api.ovh.com/1.0/domains/",
        .body = "",
        .timestamp = 1366560945};
    BOOST_TEST(gateway::ovh_signature(guide) == "$1$d3705e8afb27a0d2970a322b96550abfc67bb798");
}

BOOST_AUTO_TEST_CASE(a_signature_fits_one_call_only)
{
    const auto right = call(of_the_official_clients.front());
    const std::string signature = of_the_official_clients.front().signature;
    const auto fits = [&](auto&& change) {
        auto other = right;
        change(other);
        return gateway::is_ovh_signature_of(signature, other);
    };
    BOOST_TEST(fits([](OvhSignedCall&) {}));
    BOOST_TEST(!fits([](OvhSignedCall& other) { other.application_secret = "9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjK"; }));
    BOOST_TEST(!fits([](OvhSignedCall& other) { other.consumer_key = "another"; }));
    BOOST_TEST(!fits([](OvhSignedCall& other) { other.method = "PUT"; }));
    BOOST_TEST(!fits([](OvhSignedCall& other) { other.url = "https://eu.api.ovh.com/1.0/me?"; }));
    BOOST_TEST(!fits([](OvhSignedCall& other) { other.body = "null"; }));
    BOOST_TEST(!fits([](OvhSignedCall& other) { ++other.timestamp; }));
    for (const std::string& given :
        {std::string{}, signature.substr(3), signature + "0", std::string{"$1$9AA7CD34D508A6B15CC9BF8415CC9DC219CA5A2A"}})
        BOOST_TEST(!gateway::is_ovh_signature_of(given, right));
}

BOOST_AUTO_TEST_SUITE_END()
