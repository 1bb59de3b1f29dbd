#include "ovh_site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

/// OVH's own packages in the build's folder, as their lock file names them; fetched once.
std::string packages()
{
    const auto folder = environment("BUILD") + "/ovh-clients";
    shell("mkdir -p " + folder + " && cd " + folder
        + " && cp \"$OLDPWD\"/tests/api/ovh_clients/package*.json .   && { cmp -s package-lock.json installed.json || "
          "npm ci --silent --no-audit --no-fund >npm.log 2>&1 && cp package-lock.json installed.json; }");
    return folder;
}

Answer eight_steps(const std::string& package, const ApiKey& key, const std::string& plan)
{
    const auto url = environment("TEST_TLS_URL");
    const auto output = shell("NODE_PATH=" + packages() + "/node_modules NODE_EXTRA_CA_CERTS=" + environment("TEST_VAR")
        + "/tls/cert.pem PLAN=" + plan + " APPLICATION_KEY=" + key.application_key + " APPLICATION_SECRET=" + key.application_secret
        + " CONSUMER_KEY=" + key.consumer_key + " node tests/api/ovh_clients/eight_steps.cjs " + package + ' '
        + url.substr(url.rfind(':') + 1) + " 2>&1 || true");
    return {.body = output};
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_clients)

BOOST_AUTO_TEST_CASE(ovhs_own_node_clients_order_a_server_in_eight_steps)
{
    for (const std::string package : {"ovh", "@ovhcloud/node-ovh"})
        for (const std::string plan : {"mini-1", "core-1"}) {
            const auto member = member_with_card();
            const auto told = eight_steps(package, api_key(member), plan);
            BOOST_TEST_CONTEXT(package << " orders " << plan << ": " << told.body)
            {
                BOOST_TEST(told.at("status") == "delivered");
                BOOST_TEST(told.at("me") == member.name);
                BOOST_TEST(told.at("readOnly") == "true");
                BOOST_TEST(told.at("items") == (plan == "mini-1" ? "1" : "5"));
                BOOST_TEST((told.at("orderIds.0").empty() && told.at("orderIds.1").empty())); // none before it is bought
                BOOST_TEST(!told.at("orderIds.2").empty());
                BOOST_TEST(told.at("orderIds.2") == told.at("orderIds.3"));
                for (const char* total : {"totals.1", "totals.2", "totals.3"}) BOOST_TEST(told.at(total) == told.at("totals.0"), total);
                BOOST_TEST(told.at("incomplete.status") == "400");
                BOOST_TEST(
                    told.at("incomplete.message").find("Custom field dedicated_os is mandatory for product " + plan) != std::string::npos);
                BOOST_TEST(told.at("frozen.status") == "409");
                BOOST_TEST(told.at("foreign.status") == "404");
                BOOST_TEST(member.get("/invoices").at("items.1.number").empty());
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
