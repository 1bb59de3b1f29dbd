#include "gateway/http_client.h"
#include "gateway/json_document.h"
#include "gateway/vat_register.h"
#include "logging/log.h"

#include <utility>

namespace gateway {
namespace {

using domain::RegisterAnswer;
using domain::RegisterReply;

constexpr std::size_t max_answer = 64 * 1024;

/// Ids and prefixes are of 0-9, A-Z, + and *: nothing that JSON would want escaped.
std::string question(const std::string& vat_id, const std::string& requester)
{
    const auto member = [](const char* name, const std::string& value) { return '"' + std::string{name} + "\":\"" + value + '"'; };
    auto json = '{' + member("countryCode", vat_id.substr(0, 2)) + ',' + member("vatNumber", vat_id.substr(2));
    if (requester.size() > 2)
        json += ',' + member("requesterMemberStateCode", requester.substr(0, 2)) + ',' + member("requesterNumber", requester.substr(2));
    return json + '}';
}

RegisterReply no_answer(const std::string& code) { return {.answer = RegisterAnswer::unknown, .code = code}; }

/// "true", "false", or "" if neither is said.
std::string verdict(JsonNode body)
{
    for (const char* name : {"valid", "isValid"})
        if (const auto said = body.at({name}).dump(); said == "true" || said == "false") return said;
    return "";
}

/// The fault that the answer tells: it may come with any status, and with a "valid" that is false because nobody was asked.
std::string told_fault(JsonNode body)
{
    for (const auto& wrapper : body.items({"errorWrappers"}))
        if (const auto error = wrapper.text({"error"}); !error.empty()) return error;
    const auto code = body.text({"userError"});
    return code == "VALID" || code == "INVALID" ? "" : code;
}

RegisterReply reply_of(const HttpAnswer& answer, const std::string& vat_id)
{
    if (answer.status == 0) return no_answer("NO_CONNECTION");
    const JsonDocument document{answer.body};
    const auto body = document.root();
    if (const auto fault = told_fault(body); !fault.empty()) return no_answer(fault);
    if (answer.status != 200) return no_answer("HTTP_" + std::to_string(answer.status));
    const auto said = verdict(body);
    if (said.empty()) return no_answer("NOT_UNDERSTOOD");
    if (const auto number = body.text({"vatNumber"}); !number.empty() && number != vat_id.substr(2)) return no_answer("OTHER_NUMBER");
    return {.answer = said == "true" ? RegisterAnswer::valid : RegisterAnswer::invalid,
        .consultation = body.text({"requestIdentifier"}),
        .answer_date = body.text({"requestDate"}),
        .name = body.text({"name"}),
        .address = body.text({"address"})};
}

class ViesRegister : public VatRegister {
public:
    explicit ViesRegister(ViesSettings settings) : settings_{std::move(settings)} {}

    RegisterReply check(const std::string& vat_id) override
    {
        const auto body = question(vat_id, settings_.requester);
        const auto reply = reply_of(exchange({.method = "POST",
                                        .url = settings_.url + "/check-vat-number",
                                        .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
                                        .body = body,
                                        .timeout = settings_.timeout,
                                        .max_answer = max_answer}),
            vat_id);
        if (reply.answer == RegisterAnswer::unknown) logging::event("warning", "vies_gave_no_answer", {{"code", reply.code}});
        return reply;
    }

    std::string requester() const override { return settings_.requester; }

private:
    ViesSettings settings_;
};

} // namespace

std::unique_ptr<VatRegister> make_vies_register(ViesSettings settings) { return std::make_unique<ViesRegister>(std::move(settings)); }

} // namespace gateway
