#include "gateway/stripe_form.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace gateway {
namespace {

bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.' || c == '~';
}

void append_escaped(std::string& text, std::string_view value)
{
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain(c)) {
            text += c;
        } else {
            text += '%';
            text += digits[byte >> 4];
            text += digits[byte & 0x0f];
        }
    }
}

/// Makes room without leaving a copy behind.
void reserve(std::string& text, std::size_t size)
{
    if (size <= text.capacity()) return;
    std::string larger;
    larger.reserve(std::max(size, 2 * text.capacity()));
    larger.append(text);
    wipe(text);
    text = std::move(larger);
}

} // namespace

void wipe(std::string& text)
{
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
}

StripeForm& StripeForm::add(std::string_view name, std::string_view value)
{
    reserve(text_, text_.size() + name.size() + 3 * value.size() + 2);
    if (!text_.empty()) text_ += '&';
    text_ += name;
    text_ += '=';
    append_escaped(text_, value);
    return *this;
}

StripeForm& StripeForm::add(std::string_view name, std::int64_t value) { return add(name, std::to_string(value)); }

StripeForm& StripeForm::add_unless_empty(std::string_view name, std::string_view value) { return value.empty() ? *this : add(name, value); }

} // namespace gateway
