#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace bank {

/// Why a whole file of the bank is refused: one value per cause. Faults of form come first; a file with faults of form and
/// of content is refused for its form.
enum class FaultCode {
    xml_malformed,
    dtd_forbidden,
    xml_too_deep,
    too_large,
    namespace_unsupported,
    xsd_invalid,
    unknown_account,
    account_currency, ///< an entry or balance in another currency than its account
    tx_currency,      ///< a detail in another currency than its entry
    amount_precision, ///< not whole minor units
    amount_missing,   ///< several details, one without an amount
    count_mismatch,
    sum_mismatch,
    balance_mismatch,
};

/// "XML_MALFORMED".
std::string_view to_text(FaultCode code);

/// What the operator can do about it, as a sentence.
std::string_view remedy_of(FaultCode code);

struct FileFault {
    FaultCode code{};
    std::string detail{};  ///< what was found, one line
    std::int64_t line{0};  ///< of the file, from 1; 0: the file as a whole
    std::int64_t entry{0}; ///< number of the entry in the file, from 1; 0: none
};

/// "SUM_MISMATCH in line 77, entry 3: the details add up to 39.00 CHF, the entry says 40.00 CHF. Ask …", one line.
std::string to_text(const FileFault& fault);

} // namespace bank
