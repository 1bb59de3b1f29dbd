#include "document/qr_payload.h"
#include "domain/iban.h"
#include "vectors/json_diff.h"
#include "vectors/kind.h"

#include <memory>

// {"cases": [{"payload", "expect"}]}: what a payload says, or its first fault and the line of it. What we read we must
// also write, to the same text.
namespace vectors {
namespace {

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

json_t* text(const std::string& value) { return json_stringn(value.data(), value.size()); }

json_t* address(const document::QrAddress& address)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "type", "S", "name", text(address.name), "street", text(address.street),
        "house_no", text(address.house_number), "postcode", text(address.postal_code), "town", text(address.town), "country",
        text(address.country));
}

json_t* fields(const document::QrPayload& payload)
{
    auto* schemes = json_array();
    for (const auto& scheme : payload.alternative_schemes) json_array_append_new(schemes, text(scheme));
    return json_pack("{s:o, s:b, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "iban", text(payload.iban), "qr_iban",
        domain::is_qr_iban(payload.iban) ? 1 : 0, "creditor", address(payload.creditor), "amount_minor",
        payload.amount_minor ? json_integer(*payload.amount_minor) : json_null(), "currency",
        std::string{to_text(payload.currency)}.c_str(), "debtor", payload.debtor ? address(*payload.debtor) : json_null(), "ref_type",
        std::string{to_text(payload.reference_type)}.c_str(), "reference", text(payload.reference), "message", text(payload.message),
        "bill_info", text(payload.bill_information), "alt", schemes);
}

json_t* verdict(const std::variant<document::QrPayload, document::QrError>& read)
{
    if (const auto* error = std::get_if<document::QrError>(&read))
        return json_pack("{s:b, s:s, s:i}", "ok", 0, "code", std::string{to_text(error->fault)}.c_str(), "line", error->line);
    return json_pack("{s:b, s:o}", "ok", 1, "fields", fields(std::get<document::QrPayload>(read)));
}

/// CR LF as LF, and the version line that we write.
std::string as_we_write(std::string payload)
{
    for (std::size_t at = 0; (at = payload.find("\r\n", at)) != std::string::npos;) payload.erase(at, 1);
    return payload.replace(4, 4, "0200");
}

std::vector<std::string> check(json_t* vector)
{
    const auto* given = json_object_get(vector, "payload");
    const std::string payload{json_string_value(given), json_string_length(given)};
    const auto read = document::read_qr_payload(payload);
    auto faults = differences(json_object_get(vector, "expect"), Json{verdict(read)}.get());
    if (const auto* right = std::get_if<document::QrPayload>(&read)) {
        const auto written = write_qr_payload(*right);
        const auto* again = std::get_if<std::string>(&written);
        if (!again || *again != as_we_write(payload)) faults.push_back("is not written as it was read");
    }
    return faults;
}

bool knows(const fs::path&, json_t* content)
{
    auto* first = json_array_get(json_object_get(content, "cases"), 0);
    return json_is_string(json_object_get(first, "payload")) && json_is_object(json_object_get(first, "expect"));
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path&)
{
    std::vector<Outcome> outcomes;
    std::size_t index = 0;
    json_t* vector = nullptr;
    json_array_foreach(json_object_get(content, "cases"), index, vector)
    {
        const auto* id = json_string_value(json_object_get(vector, "id"));
        outcomes.push_back({file.string() + ' ' + (id ? id : std::to_string(index)), check(vector)});
    }
    return outcomes;
}

} // namespace

const Kind qr_payloads{knows, play};

} // namespace vectors
