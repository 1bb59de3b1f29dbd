#include "domain/subsidiary.h"

#include <algorithm>
#include <array>

namespace domain {
namespace {

struct Subsidiary {
    std::string_view code{};
    Currency currency{};
};

constexpr std::array subsidiaries{Subsidiary{"CH", Currency::chf}, Subsidiary{"DE", Currency::eur}, Subsidiary{"ES", Currency::eur},
    Subsidiary{"EU", Currency::eur}, Subsidiary{"FI", Currency::eur}, Subsidiary{"FR", Currency::eur}, Subsidiary{"IE", Currency::eur},
    Subsidiary{"IT", Currency::eur}, Subsidiary{"LT", Currency::eur}, Subsidiary{"NL", Currency::eur}, Subsidiary{"PT", Currency::eur}};

} // namespace

std::optional<Currency> currency_of_subsidiary(std::string_view subsidiary)
{
    const auto found = std::ranges::find(subsidiaries, subsidiary, &Subsidiary::code);
    return found == subsidiaries.end() ? std::nullopt : std::optional{found->currency};
}

std::string subsidiaries_text()
{
    std::string text;
    for (const auto& subsidiary : subsidiaries) text += (text.empty() ? "" : ", ") + std::string{subsidiary.code};
    return text;
}

} // namespace domain
