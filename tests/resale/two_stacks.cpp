#include "two_stacks.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <thread>

namespace resale {
namespace {

using site::environment;
using site::shell;

std::string without_line_end(std::string text)
{
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string free_port()
{
    return without_line_end(
        shell("python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])'"));
}

site::Answer at(const Stack& stack, const std::string& method, const std::string& path, const std::string& body)
{
    return site::ask({.method = method, .path = stack.url() + path, .body = body, .credentials = "nicocustomer:xxx"});
}

/// The options that must be taken for plans of the demo's range "core".
const std::map<std::string, std::vector<std::string>> mandatory{
    {"s-mini-1", {}}, {"s-core-1", {"s-ram-64g", "s-disk-2x960g-nvme", "s-bandwidth-1g", "s-vrack-1g"}}};

site::Answer expect(const site::Answer& answer, const std::string& what)
{
    if (answer.status != 200) throw std::runtime_error{what + ": " + std::to_string(answer.status) + ' ' + answer.body};
    return answer;
}

} // namespace

std::string Stack::query(const std::string& sql) const
{
    return without_line_end(shell("mariadb --socket=$(readlink -f " + var_ + "/run)/mariadb.sock uncloud -N -B -e \"" + sql + '"'));
}

std::string Stack::uncloud(const std::string& arguments) const
{
    return shell("UNCLOUD_CONFIG=" + var_ + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments);
}

TwoStacks::TwoStacks() : supplier{reseller.var() + "/supplier", "http://127.0.0.1:" + free_port()}
{
    start_supplier();
    configure();
}

TwoStacks::~TwoStacks()
{
    if (std::system(("VAR=" + supplier.var() + " tools/stack/stack stop").c_str()) != 0) std::cerr << "the supplier's stack did not stop\n";
}

void TwoStacks::start_supplier() const
{
    const auto port = supplier.url().substr(supplier.url().rfind(':') + 1);
    shell("VAR=" + supplier.var() + " PORT=" + port + " TLS_PORT=" + free_port() + " STRIPE_PORT=" + free_port()
        + " tools/stack/stack start >" + reseller.var() + "/supplier.log 2>&1");
}

/// The reseller is a customer like any other: a card, a key, and a table in billing.toml.
void TwoStacks::configure() const
{
    if (at(supplier, "POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})").status != 201)
        throw std::runtime_error{"the reseller has no card at the supplier"};
    const auto key = at(supplier, "POST", "/api-keys", R"({"description":"resale"})");
    const auto keys = reseller.var() + "/etc/secrets/supplier";
    std::ofstream{keys} << "application_key=" << key.at("application_key") << "\napplication_secret=" << key.at("application_secret")
                        << "\nconsumer_key=" << key.at("consumer_key") << '\n';
    ::chmod(keys.c_str(), 0600);
    std::ofstream{reseller.var() + "/etc/billing.toml", std::ios::app}
        << "\n[supplier]\nname = \"other-stack\"\nurl = \"" << supplier.url() << "/1.0\"\nkeys_file = \"" << keys
        << "\"\nsubsidiary = \"CH\"\ncode_prefix = \"s-\"\ntimeout_seconds = 2\nfirst_pause_seconds = 1\nlongest_pause_seconds = 2\n"
           "bills_every_seconds = 1\n[supplier.rates]\nCHF = \"1\"\nEUR = \"1.05\"\n"
           "[[supplier.margin]]\nplans = \"*\"\npercent = \"10\"\nround_to = 5\n";
    reseller.uncloud("supplier import");
    kill_worker(); // the next one reads the configuration anew
}

void TwoStacks::kill_worker() const
{
    const auto services = site::services();
    const auto worker = services.find("worker");
    if (worker != services.end()) ::kill(worker->second, SIGKILL);
}

TwoStacks& two_stacks()
{
    static TwoStacks both;
    return both;
}

site::OvhClient customer()
{
    const auto member = site::fresh_member();
    if (member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})").status != 201)
        throw std::runtime_error{"no card"};
    return site::ovh_client(member);
}

std::string buy(const site::OvhClient& client, const std::string& plan, int quantity)
{
    const auto goods = [&](const std::string& code) {
        return R"("planCode":")" + code + R"(","duration":"P1M","pricingMode":"default","quantity":)" + std::to_string(quantity);
    };
    const auto cart = "/order/cart/" + expect(client.post("/order/cart", R"({"ovhSubsidiary":"CH"})"), "cart").at("cartId");
    expect(client.post(cart + "/assign"), "assign");
    const auto item = expect(client.post(cart + "/baremetalServers", '{' + goods(plan) + '}'), plan).at("itemId");
    for (const auto& option : mandatory.at(plan))
        expect(client.post(cart + "/baremetalServers/options", R"({"itemId":)" + item + ',' + goods(option) + '}'), option);
    for (const auto& [label, value] : {std::pair{"dedicated_datacenter", "zrh"}, {"dedicated_os", "debian12_64"}})
        expect(client.post(
                   cart + "/item/" + item + "/configuration", std::string{R"({"label":")"} + label + R"(","value":")" + value + R"("})"),
            label);
    return expect(client.post(cart + "/checkout", R"({"autoPayWithPreferredPaymentMethod":true})"), "checkout").at("orderId");
}

bool comes_true(std::chrono::seconds within, const std::function<bool()>& condition)
{
    const auto until = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < until) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
    }
    return condition();
}

} // namespace resale
