#pragma once
#include "domain/mailbox.h"

#include <string>
#include <string_view>

// How texts and files travel in a mail: transfer encodings (RFC 2045), encoded words (RFC 2047), parameters (RFC 2231). Lines end with
// CRLF and hold at most 76 characters. Whatever a text holds, it cannot begin a header line of its own: line breaks and other
// control characters become blanks.
namespace document {

/// In lines of 76 characters.
std::string base64_lines(std::string_view bytes);

/// UTF-8 text with its line breaks (LF or CRLF) as CRLF.
std::string quoted_printable(std::string_view text);

/// A header with free text: "Subject: …" and CRLF, folded, as encoded words unless it is plain ASCII.
std::string text_header(std::string_view name, std::string_view text);

/// A header with one mailbox. @throws std::invalid_argument if its address is none
std::string mailbox_header(std::string_view name, const domain::Mailbox& mailbox);

/// A parameter on lines of its own, to follow a header's value: `;`, CRLF, blank, `name="value"`; what is not plain ASCII or long in
/// the extended form, in numbered pieces where one line does not hold it.
std::string parameter(std::string_view name, std::string_view value);

} // namespace document
