#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Overwrites the text and what once stood behind its end.
void wipe(std::string& text);

/// Parameters as Stripe takes them, in a body or a query: application/x-www-form-urlencoded, nested names in raw brackets
/// ("metadata[invoice]", "expand[0]"). It may hold a card, so its memory is wiped, also where it was before it grew.
class StripeForm {
public:
    StripeForm() = default;
    ~StripeForm() { wipe(text_); }
    StripeForm(const StripeForm&) = delete;
    StripeForm& operator=(const StripeForm&) = delete;

    /// `name` is one of ours and goes in as it is.
    StripeForm& add(std::string_view name, std::string_view value);
    StripeForm& add(std::string_view name, std::int64_t value);

    /// Nothing if the value is empty: an empty one would unset the field.
    StripeForm& add_unless_empty(std::string_view name, std::string_view value);

    std::string_view text() const noexcept { return text_; }

private:
    std::string text_{};
};

} // namespace gateway
