#include "ovh_site.h"

#include "gateway/ovh_signature.h"

#include <chrono>
#include <stdexcept>

namespace site {

ApiKey api_key(const Member& member, const std::string& access_rules)
{
    const auto rules = access_rules.empty() ? "" : ",\"access_rules\":" + access_rules;
    const auto made = member.send("POST", "/api-keys", R"({"description":"a test")" + rules + "}");
    if (made.status != 201) throw std::runtime_error{"no api key: " + made.body};
    return {made.at("id"), made.at("application_key"), made.at("application_secret"), made.at("consumer_key")};
}

std::int64_t unix_seconds()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

std::vector<std::string> signed_headers(
    const ApiKey& key, const std::string& method, const std::string& url, const std::string& body, std::int64_t timestamp)
{
    const auto signature = gateway::ovh_signature({key.application_secret, key.consumer_key, method, url, body, timestamp});
    return {"X-Ovh-Application: " + key.application_key, "X-Ovh-Consumer: " + key.consumer_key,
        "X-Ovh-Timestamp: " + std::to_string(timestamp), "X-Ovh-Signature: " + signature};
}

Answer OvhClient::call(const std::string& method, const std::string& path, const std::string& body) const
{
    const auto url = base + version + path;
    std::vector<std::string> headers;
    if (!key.consumer_key.empty()) headers = signed_headers(key, method, url, body, unix_seconds());
    else if (!key.application_key.empty()) headers = {"X-Ovh-Application: " + key.application_key};
    return ask({.method = method, .path = url, .body = body, .headers = std::move(headers)});
}

OvhClient ovh_client(const Member& member) { return {.key = api_key(member)}; }

OvhClient anonymous_client() { return {}; }

} // namespace site
