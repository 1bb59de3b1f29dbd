#pragma once
#include <string>
#include <string_view>

namespace domain {

/// Somebody who sends or gets mail.
struct Mailbox {
    std::string name{}; ///< as people read it; may be empty
    std::string address{};
    friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

/// True if mail can be sent to the address: one `@`, printable ASCII without blanks or what is special in a header (RFC 5321, dot-atom),
/// at most 254 characters. Quoted local parts and addresses beyond ASCII are not taken.
bool is_mail_address(std::string_view address);

/// What stands behind the `@`, or an empty view.
std::string_view host_of(std::string_view address);

} // namespace domain
