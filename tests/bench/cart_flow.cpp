// The whole flow of a cart: create, add a server, configure it, assign, check out; six signed calls through nginx, 8 clients at once.
// cart_flow URL APPLICATION_KEY APPLICATION_SECRET CONSUMER_KEY PLAN SECONDS: prints carts bought per second.
#include "gateway/http_client.h"
#include "gateway/json_document.h"
#include "gateway/ovh_signature.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

/// One client with a connection of its own, kept open. gateway::OvhClient would do, but makes a new one for each changing call.
struct Client {
    std::string url, application_key, application_secret, consumer_key;

    gateway::JsonDocument post(const std::string& path, const std::string& body) const
    {
        const auto now = static_cast<std::int64_t>(std::time(nullptr));
        const auto target = url + path;
        const auto signature = gateway::ovh_signature({application_secret, consumer_key, "POST", target, body, now});
        const auto answer = gateway::exchange({.method = "POST",
            .url = target,
            .headers = {{"Content-Type", "application/json"}, {"X-Ovh-Application", application_key}, {"X-Ovh-Consumer", consumer_key},
                {"X-Ovh-Timestamp", std::to_string(now)}, {"X-Ovh-Signature", signature}},
            .body = body});
        if (answer.status != 200) throw std::runtime_error{path + ": " + std::to_string(answer.status) + ' ' + answer.body + answer.fault};
        return gateway::JsonDocument{answer.body};
    }

    void buy(const std::string& plan) const
    {
        const auto cart = "/order/cart/" + post("/order/cart", R"({"ovhSubsidiary":"CH"})").root().text({"cartId"});
        const auto item =
            post(cart + "/dedicated", R"({"duration":"P1M","planCode":")" + plan + R"(","pricingMode":"default","quantity":1})");
        const auto configuration = cart + "/item/" + std::to_string(item.root().number({"itemId"}).value()) + "/configuration";
        post(configuration, R"({"label":"dedicated_datacenter","value":"zrh"})");
        post(configuration, R"({"label":"dedicated_os","value":"none_64.en"})");
        post(cart + "/assign", "");
        post(cart + "/checkout", R"({"autoPayWithPreferredPaymentMethod":true})");
    }
};

} // namespace

int main(int count, char** arguments)
try {
    if (count != 7) throw std::runtime_error{"cart_flow URL APPLICATION_KEY APPLICATION_SECRET CONSUMER_KEY PLAN SECONDS"};
    const Client client{arguments[1], arguments[2], arguments[3], arguments[4]};
    const std::string plan{arguments[5]};
    const std::chrono::seconds duration{std::stoi(arguments[6])};

    std::atomic<int> bought{0};
    std::atomic<bool> failed{false};
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                try {
                    for (; std::chrono::steady_clock::now() < start + duration && !failed; ++bought) client.buy(plan);
                } catch (const std::exception& error) {
                    if (!failed.exchange(true)) std::cerr << error.what() << '\n';
                }
            });
    }
    if (failed) return EXIT_FAILURE;
    std::cout << bought / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
}
