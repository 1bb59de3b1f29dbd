#include "domain/hex.h"
#include "gateway/stripe_event.h"
#include "gateway/webhook_signature.h"
#include "vectors/kind.h"

#include <openssl/sha.h>

#include <array>

// Signatures of webhooks, {"vectors": [{header, payload, secret, now, tolerance, "expect": "valid" or "invalid"}]}, and
// "ambiguous" ones, on which Stripe's libraries disagree, whose "do" says what is right: to refuse, or to answer 400.
namespace vectors {
namespace {

std::string text(json_t* vector, const char* member)
{
    auto* value = json_object_get(vector, member);
    return {json_string_value(value), json_string_length(value)};
}

gateway::SignatureFault fault_of(json_t* vector)
{
    const std::array secrets{text(vector, "secret")};
    const std::chrono::sys_seconds now{std::chrono::seconds{json_integer_value(json_object_get(vector, "now"))}};
    const std::chrono::seconds tolerance{json_integer_value(json_object_get(vector, "tolerance"))};
    return gateway::check_webhook_signature(text(vector, "header"), text(vector, "payload"), secrets, now, tolerance);
}

std::string sha256(const std::string& bytes)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return domain::to_hex(digest);
}

std::vector<std::string> check(json_t* vector)
{
    std::vector<std::string> faults;
    const auto payload = text(vector, "payload");
    if (json_object_get(vector, "payload_sha256") && sha256(payload) != text(vector, "payload_sha256"))
        faults.push_back("the payload was read as other bytes");
    const auto fault = fault_of(vector);
    const std::string said = fault == gateway::SignatureFault::none ? "valid" : "invalid";
    const auto advice = text(vector, "do");
    const auto expected = advice.starts_with("refuse") ? "invalid" : advice.starts_with("answer 400") ? "valid" : text(vector, "expect");
    if (said != expected) faults.push_back("expected " + expected + ", got " + std::string{gateway::to_text(fault)});
    if (advice.starts_with("answer 400") && gateway::event_of(payload)) faults.push_back("taken for an event");
    return faults;
}

bool is_signature(json_t* vector)
{
    return json_is_string(json_object_get(vector, "header")) && json_is_string(json_object_get(vector, "payload"));
}

bool knows(const fs::path& file, json_t* content)
{
    return file.parent_path().filename() == "stripe" && is_signature(json_array_get(json_object_get(content, "vectors"), 0));
}

void play_list(const fs::path& file, json_t* list, std::vector<Outcome>& outcomes)
{
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        auto* vector = json_array_get(list, i);
        outcomes.push_back({file.string() + ": " + text(vector, "name"), check(vector)});
    }
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    play_list(file, json_object_get(content, "vectors"), outcomes);
    play_list(file, json_object_get(json_object_get(content, "ambiguous"), "vectors"), outcomes);
    return outcomes;
}

} // namespace

const Kind stripe_signatures{knows, play};

} // namespace vectors
