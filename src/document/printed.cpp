#include "document/printed.h"

#include "document/invoice_notes.h"
#include "domain/uid.h"

#include <array>
#include <fmt/format.h>

namespace document {
namespace {

constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"};

} // namespace

std::string printed_amount(std::int64_t minor)
{
    const auto magnitude = minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
    auto units = std::to_string(magnitude / 100);
    for (auto at = static_cast<int>(units.size()) - 3; at > 0; at -= 3) units.insert(static_cast<std::size_t>(at), 1, ' ');
    return fmt::format("{}{}.{:02}", minor < 0 ? "\u2212" : "", units, magnitude % 100);
}

std::string payload_amount(std::int64_t minor) { return fmt::format("{}.{:02}", minor / 100, minor % 100); }

std::string printed_date(domain::Date date, std::string_view language)
{
    const auto day = static_cast<unsigned>(date.day());
    const auto month = static_cast<unsigned>(date.month());
    const auto year = static_cast<int>(date.year());
    if (language != "de" && language != "fr" && language != "it") return fmt::format("{} {} {}", day, months.at(month - 1), year);
    return fmt::format("{:02}.{:02}.{}", day, month, year);
}

std::string printed_period(const domain::Period& period, std::string_view language)
{
    const auto last = period.end - std::chrono::days{1};
    const auto first_day = printed_date(period.start, language);
    return last <= period.start ? first_day : first_day + " \u2013 " + printed_date(last, language);
}

std::string printed_vat_number(std::string_view uid, std::string_view language)
{
    return fmt::format("{} {}", domain::normalised_uid(uid), vat_number_suffix(language));
}

} // namespace document
