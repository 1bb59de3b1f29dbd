#include "http/paging.h"

#include "http/problem.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <charconv>

namespace http {
namespace {

std::string base64url(std::string_view bytes)
{
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) text += digits[buffer >> (bits - 6) & 0x3f];
    }
    if (bits > 0) text += digits[buffer << (6 - bits) & 0x3f];
    return text;
}

std::string link_to(const Request& request, int limit, const std::string& cursor)
{
    return "<" + request.path + "?limit=" + std::to_string(limit) + "&cursor=" + cursor + ">; rel=\"next\"";
}

} // namespace

std::string Cursors::tag(const std::string& scope, std::int64_t last) const
{
    const auto message = scope + '#' + std::to_string(last);
    unsigned char mac[32];
    unsigned size = sizeof mac;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
        mac, &size);
    return base64url({reinterpret_cast<const char*>(mac), 12});
}

std::string Cursors::make(const std::string& scope, std::int64_t last) const { return std::to_string(last) + '.' + tag(scope, last); }

std::int64_t Cursors::read(const std::string& scope, const std::string& cursor) const
{
    const auto point = cursor.find('.');
    std::int64_t last = 0;
    if (point != std::string::npos && point > 0) {
        const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + point, last);
        const auto expected = make(scope, last);
        if (error == std::errc{} && end == cursor.data() + point && expected.size() == cursor.size()
            && CRYPTO_memcmp(expected.data(), cursor.data(), cursor.size()) == 0)
            return last;
    }
    throw BadRequest{"cursor is not one that this list gave out; start again without it"};
}

Page page_of(const Request& request, const Cursors& cursors, const std::string& scope)
{
    Page page;
    if (const auto limit = request.query_value("limit"); !limit.empty()) {
        const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), page.limit);
        if (error != std::errc{} || end != limit.data() + limit.size() || page.limit < 1 || page.limit > 100)
            throw BadRequest{"limit must be a number from 1 to 100"};
    }
    if (const auto cursor = request.query_value("cursor"); !cursor.empty()) page.after = cursors.read(scope, cursor);
    return page;
}

Response list_answer(const Request& request, const JsonText& items, const Page& page, const Cursors& cursors, const std::string& scope,
    std::optional<std::int64_t> last)
{
    auto document = JsonText::object();
    document.set("items", items);
    if (!last) return {.body = document.set("next", JsonText::null()).dump()};

    const auto cursor = cursors.make(scope, *last);
    return Response{.body = document.set("next", cursor).dump()}.with("Link", link_to(request, page.limit, cursor));
}

} // namespace http
