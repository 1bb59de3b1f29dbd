#pragma once
#include "domain/vat_check.h"

#include <chrono>
#include <memory>
#include <string>

namespace gateway {

/// The EU's register of VAT ids (VIES), which asks the member states' own.
class VatRegister {
public:
    virtual ~VatRegister() = default;

    /// Asks about a normalised id, "DE123456788". Never throws for what the register or the network does: whatever is no clear yes or
    /// no is `unknown`, with its cause as code.
    virtual domain::RegisterReply check(const std::string& vat_id) = 0;

    /// The VAT id in whose name it is asked; "" if we have none. Without it VIES gives no consultation number.
    virtual std::string requester() const = 0;
};

struct ViesSettings {
    std::string url{"https://ec.europa.eu/taxation_customs/vies/rest-api"};
    std::string requester{};
    std::chrono::milliseconds timeout{10'000}; ///< for the whole exchange
};

/// VIES by its REST API.
std::unique_ptr<VatRegister> make_vies_register(ViesSettings settings);

/// Answers by the test numbers of VIES's own test service: an id that ends with 100 is valid, with 200 invalid; the others are
/// faults, such as 301, MS_UNAVAILABLE.
std::unique_ptr<VatRegister> make_sandbox_register();

/// Knows nothing of any id: for who sells to no business in the EU.
std::unique_ptr<VatRegister> make_no_register();

} // namespace gateway
