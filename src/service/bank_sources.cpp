#include "service/bank_sources.h"

#include "store/sha256.h"

#include <algorithm>

namespace service {

std::string payment_source(const std::string& account, const std::string& booking_key)
{
    const bool plain = std::ranges::all_of(booking_key, [](char c) { return c > 0x20 && c < 0x7f; });
    return "booking:" + account + ':' + (plain ? booking_key : "sha256:" + store::sha256_of(booking_key));
}

} // namespace service
