#include "gateway/vat_register.h"

#include <array>
#include <utility>

namespace gateway {
namespace {

using domain::RegisterAnswer;
using domain::RegisterReply;

/// What VIES's test service answers to these numbers; to all others, that the service is not available.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> faults{{
    {"201", "INVALID_INPUT"},
    {"202", "INVALID_REQUESTER_INFO"},
    {"300", "SERVICE_UNAVAILABLE"},
    {"301", "MS_UNAVAILABLE"},
    {"302", "TIMEOUT"},
    {"400", "VAT_BLOCKED"},
    {"401", "IP_BLOCKED"},
    {"500", "GLOBAL_MAX_CONCURRENT_REQ"},
    {"501", "GLOBAL_MAX_CONCURRENT_REQ_TIME"},
    {"600", "MS_MAX_CONCURRENT_REQ"},
    {"601", "MS_MAX_CONCURRENT_REQ_TIME"},
}};

class SandboxRegister : public VatRegister {
public:
    RegisterReply check(const std::string& vat_id) override
    {
        if (vat_id.ends_with("100")) return {.answer = RegisterAnswer::valid, .consultation = "SANDBOX" + vat_id};
        if (vat_id.ends_with("200")) return {.answer = RegisterAnswer::invalid, .consultation = "SANDBOX" + vat_id};
        for (const auto& [number, code] : faults)
            if (vat_id.ends_with(number)) return {.code = std::string{code}};
        return {.code = "SERVICE_UNAVAILABLE"};
    }

    std::string requester() const override { return ""; }
};

class NoRegister : public VatRegister {
public:
    RegisterReply check(const std::string&) override { return {.code = "NO_REGISTER"}; }
    std::string requester() const override { return ""; }
};

} // namespace

std::unique_ptr<VatRegister> make_sandbox_register() { return std::make_unique<SandboxRegister>(); }

std::unique_ptr<VatRegister> make_no_register() { return std::make_unique<NoRegister>(); }

} // namespace gateway
