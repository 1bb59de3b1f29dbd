#include "document/qr_text.h"

#include "document/utf8.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <unicode/translit.h>

namespace document {
namespace {

#define OUTSIDE_QR_SET "[^\\u0020-\\u007E\\u00A0-\\u017F\\u0218-\\u021B\\u20AC]"

/// One of ICU's transforms, made when it is first needed; one text at a time.
class Transform {
public:
    explicit Transform(const char* id)
    {
        UErrorCode error = U_ZERO_ERROR;
        transliterator_.reset(icu::Transliterator::createInstance(id, UTRANS_FORWARD, error));
        if (U_FAILURE(error)) throw std::runtime_error{std::string{"ICU has no transform "} + id + ": " + u_errorName(error)};
    }

    std::string operator()(std::string_view text)
    {
        auto unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
        const std::lock_guard lock{mutex_};
        transliterator_->transliterate(unicode);
        std::string result;
        return unicode.toUTF8String(result);
    }

private:
    std::unique_ptr<icu::Transliterator> transliterator_;
    std::mutex mutex_;
};

std::string plain_latin(std::string_view text)
{
    static Transform transform{"NFC; " OUTSIDE_QR_SET " NFKC; " OUTSIDE_QR_SET " Latin-ASCII; NFC"};
    return transform(text);
}

// Apart from the other, because it loads the rules of all scripts: a tenth of a second.
std::string from_any_script(std::string_view text)
{
    static Transform transform{"NFC; " OUTSIDE_QR_SET " NFKC; " OUTSIDE_QR_SET " Any-Latin; NFC; " OUTSIDE_QR_SET " Latin-ASCII; NFC"};
    return transform(text);
}

bool all_in_qr_set(std::string_view text)
{
    const auto characters = code_points(text);
    return characters && std::ranges::all_of(*characters, in_qr_set);
}

} // namespace

bool in_qr_set(char32_t c) { return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0x17F) || (c >= 0x218 && c <= 0x21B) || c == 0x20AC; }

std::optional<std::string> qr_text(std::string_view text)
{
    if (all_in_qr_set(text)) return std::string{text};
    if (!code_points(text)) return std::nullopt;
    auto mapped = plain_latin(text);
    if (!all_in_qr_set(mapped)) mapped = from_any_script(text);
    if (!all_in_qr_set(mapped)) return std::nullopt;
    return mapped;
}

} // namespace document
