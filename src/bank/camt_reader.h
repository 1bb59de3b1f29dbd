#pragma once
#include "bank/xml_stream.h"
#include "domain/bank_booking.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace bank {

/// Takes the entries of a file, one by one, each with its statement.
using EntrySink = std::function<void(const domain::BankStatement&, domain::BankEntry)>;

/// A file that was read to its end.
struct CamtFile {
    std::vector<domain::BankStatement> statements{};
    std::int64_t entries{0};
    std::optional<FileFault> fault{}; ///< set: the file is refused, and what the sink took is void
};

/// Reads camt.053 and camt.054, versions 001.04 and 001.08, in a stream. `own` are the accounts that may be reported.
/// The sink gets nothing more after the first fault. @throws what source and sink throw.
CamtFile read_camt(const ByteSource& source, const XmlLimits& limits, std::span<const domain::BankAccount> own, const EntrySink& sink);

/// "235.00" → 23500, exactly. nullopt if it is not in whole minor units or larger than anything that can be booked
/// (10^16 minor units). `text` is an xs:decimal.
std::optional<std::int64_t> minor_units(std::string_view text);

} // namespace bank
