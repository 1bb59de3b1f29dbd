#pragma once
#include "document/qr_payload.h"

#include <optional>
#include <stdexcept>
#include <string>

namespace document {

/// A document cannot be printed as it stands: `field` has to be changed. Asking again will not help.
class Unprintable : public std::runtime_error {
public:
    /// `fault`: what the payment part's code would not take; nullopt: a character that the fonts lack.
    Unprintable(const std::string& field, std::optional<QrFault> fault);

    const std::string& field() const noexcept { return field_; }
    std::optional<QrFault> fault() const noexcept { return fault_; }

private:
    std::string field_;
    std::optional<QrFault> fault_;
};

} // namespace document
